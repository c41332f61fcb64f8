"""A rank that does what its task says for it, without PyTorch: `say TEXT`, `exit CODE`, `kill`, `hang`, `read`."""

import json
import os
import signal
import sys
import time

for action in json.loads(sys.stdin.readline())[int(os.environ["RANK"])]:
    word, _, rest = action.partition(" ")
    if word == "say":
        print(rest, file=sys.stderr, flush=True)
    elif word == "exit":
        sys.exit(int(rest))
    elif word == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif word == "interrupt":
        os.kill(os.getppid(), signal.SIGINT)
    elif word == "hang":
        time.sleep(600)
