"""Personal data: what is kept of people, why and how long; what they are given of it, and what goes."""
