#!/usr/bin/env python3
"""The runner under the name that the documents use: the same as ./metta."""

import os
import sys
from pathlib import Path

front_door = Path(__file__).resolve().parent.parent / "metta"
os.execv(front_door, [str(front_door), *sys.argv[1:]])
