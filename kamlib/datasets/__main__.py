"""``python -m kamlib.datasets FOLDER`` writes the company's files."""

import sys

from kamlib.datasets import write_company

if __name__ == "__main__":
    write_company(sys.argv[1] if len(sys.argv) > 1 else "data")
