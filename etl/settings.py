"""Settings of loads; each field is GRIDBOARD_<NAME>."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from geo.settings import PREFIX


class LoadSettings(BaseSettings):
    """What loads read from the environment."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    truth_file: Path = Field(
        Path("build/demo/truth.json"),
        description="where the demo writes down the hot spots and the campaign it planted",
    )
