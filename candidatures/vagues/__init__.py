"""When: waves, their phases, their series and their suspension."""
