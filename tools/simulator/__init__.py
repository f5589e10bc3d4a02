"""An HTTP server that speaks the data providers' own paths and shapes, for development."""
