"""The papers that are drawn from the code: its states, its data model."""
