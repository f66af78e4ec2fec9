"""The call, told to a mayor who has never seen the portal: what it brings, whether one may apply, an example."""
