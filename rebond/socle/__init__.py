"""What every application stands on."""
