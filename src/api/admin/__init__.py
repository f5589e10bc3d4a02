"""What administrators see and change: accounts, flags, sources, runs, alerts, and the audit log."""
