# For users: make report, make lab, make dashboard, make docs. For developers: make test, make lint, make notebooks.
# For maintainers: make data, make lock.
PYTHON ?= python3
BIN    := .venv/bin
READY  := .venv/ready

.PHONY: report test lint lab dashboard docs notebooks data lock clean

report: $(READY)
	$(BIN)/kam report --out report

# One thread a worker: the threads of two would fight over two cores.
test: export OMP_NUM_THREADS = 1
test: lint
	$(BIN)/pytest

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lab: $(READY)
	$(BIN)/jupyter lab notebooks --ServerApp.tornado_settings="{'websocket_max_message_size': 300000000}" \
	  --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate --LabApp.news_url=None

# On this machine alone: 127.0.0.1, with a token in the address that it prints; notebooks/voila.json says so.
dashboard: $(READY)
	cd notebooks && ../$(BIN)/voila dashboard.ipynb

docs: $(READY)
	$(BIN)/python -m sphinx -q -W --keep-going docs docs/_site
	@echo Open docs/_site/index.html

notebooks: $(READY)
	$(BIN)/python notebooks/editions.py
	$(BIN)/python notebooks/workshop/make.py

data: $(READY)
	$(BIN)/python -m kamlib.datasets data

lock:
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet --output-file requirements.lock

# uv comes out of the lock file too, so that every package of the environment is held to a hash.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv --clear .venv
	awk '/^[a-z]/ {wanted = /^uv==/} wanted' requirements.lock > .venv/uv.lock.txt
	$(BIN)/python -m pip install --quiet --require-hashes --requirement .venv/uv.lock.txt
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	if git rev-parse --git-dir >/dev/null 2>&1; then git config core.hooksPath .githooks; fi
	touch $(READY)

clean:
	rm -rf .venv report build dist docs/_site .pytest_cache .ruff_cache .mypy_cache .hypothesis
