"""The live stream: events with numbers, and the connections that they are sent on."""
