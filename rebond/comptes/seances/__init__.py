"""The sessions of a person: listed, ended at a distance, ended by idleness, and told of when the device is new."""
