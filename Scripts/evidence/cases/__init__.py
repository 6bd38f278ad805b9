"""The cases, by what they show; each module has a function `cases`."""
