# What a newcomer, a developer and CI type. The work is done by bin/ and by the gridboard command.
.DEFAULT_GOAL := help
.PHONY: help setup demo serve stop test check bench clean
SIZE ?= province
GRIDBOARD := .venv/bin/gridboard

help:  ## show this list
	@sed -n 's/^\([a-z]*\):.*## */  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

demo:  ## install what is missing, load the demo data, serve the map (SIZE=county: a small one)
	@bin/setup demo
	@exec $(GRIDBOARD) demo --size $(SIZE)

serve:  ## serve what is loaded, without the demo
	@bin/setup demo
	@exec $(GRIDBOARD) serve

stop:  ## stop the server and the private PostgreSQL; data are kept
	@bin/stop

test:  ## run all tests, on a real PostGIS and in a real browser
	@bin/test

check:  ## lint, format, strict types, layers
	@bin/check

bench:  ## measure, and write build/bench.json
	@bin/bench

clean:  ## stop, and delete the data, .venv and everything built
	@bin/clean
