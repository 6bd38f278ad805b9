"""The real peers: servers, clients and a browser."""
