"""Bytes as they are on the wire, made without any code of wsreplay: frames, heads, segments, packets, capture files."""
