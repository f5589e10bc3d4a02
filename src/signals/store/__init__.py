"""The SQL of the signals Worker: what is read, what is kept, what is said; idempotent."""
