"""Words, numbers and days, as French people write and read them."""
