"""The procès-verbal: its lines, its checks, its documents. The format is told in docs/proces-verbal.md."""
