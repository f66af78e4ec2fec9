"""The one page of search, and the order in which it asks the apps."""
