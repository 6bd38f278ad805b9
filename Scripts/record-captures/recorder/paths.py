"""Where things lie in the repository."""

from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent.parent
REPOSITORY = SCRIPTS.parent.parent
CAPTURES = REPOSITORY / "Captures"
VENV = REPOSITORY / ".venv-captures"
