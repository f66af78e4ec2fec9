"""The files of a wave as those who instruct them go through them: tabs, what they are chosen by, how many of each."""
