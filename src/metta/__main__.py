"""`python -m metta` is the `metta` command."""

import sys

from metta.cli.main import main

sys.exit(main())
