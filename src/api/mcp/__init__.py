"""The MCP server (https://modelcontextprotocol.io): the API's reads as tools and resources."""
