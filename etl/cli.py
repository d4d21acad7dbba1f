"""The loader's commands, put together from a file a topic."""

import typer

from etl.commands import batches, check, divisions, gazetteer, load, profile, rollups

app = typer.Typer(help="Load files and keep the rollups.")
for topic in (load, check, profile, rollups, batches):
    app.add_typer(topic.app, name=topic.__name__.rpartition(".")[2])
load.app.command("divisions")(divisions.load_divisions)
load.app.command("gazetteer")(gazetteer.load_gazetteer)
