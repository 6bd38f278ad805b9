"""Real nginx on loopback as the judge of the model: recording, random cases, scoring."""
