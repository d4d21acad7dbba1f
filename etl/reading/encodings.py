"""From the bytes of a text to UTF-8, refusing what was garbled before it came."""

from dataclasses import dataclass

from etl.reading.blocks import Block
from etl.reading.garbling import garbled_at, unlikely_at
from geo.errors import InputError


@dataclass
class Decoder:
    """Turns blocks of one file into UTF-8; a file is in one encoding throughout.

    Attributes:
        name: of the file, for messages.
        encoding: "utf-8" or "gb18030", as stated or found; None until something beyond ASCII
            was seen. A file that begins with the mark of UTF-8 is in UTF-8 whatever is stated.
    """

    name: str
    encoding: str | None = None

    def decode(self, block: Block) -> bytes:
        """The block in UTF-8.

        Raises:
            InputError: the block is in another encoding than what came before, in none
                that is known, or was garbled; the message names the line.
        """
        if block.marked:
            self.encoding = "utf-8"
        if block.raw.isascii():
            return block.raw
        valid_until = 0
        if self.encoding != "gb18030":
            try:
                text = block.raw.decode("utf-8")
            except UnicodeDecodeError as error:
                if self.encoding == "utf-8":
                    raise self._mixed(block, error.start, "UTF-8") from error
                valid_until = error.start
            else:
                self.encoding = "utf-8"
                self._refuse_garbled(block, text)
                return block.raw
        text = self._gb18030(block, valid_until)
        self.encoding = "gb18030"
        return text.encode("utf-8")

    def _gb18030(self, block: Block, valid_until: int) -> str:
        """The block read as GB18030; as UTF-8 it is valid up to a position."""
        try:
            text = block.raw.decode("gb18030")
        except UnicodeDecodeError as error:
            if self.encoding == "gb18030":
                raise self._mixed(block, error.start, "GB18030") from error
            at = max(error.start, valid_until)
            raise InputError(
                f"{self.name}, line {block.line_at(at)}: neither UTF-8 nor GB18030, or a mixture"
                " of both: save the file as UTF-8"
            ) from error
        garbled = garbled_at(text)
        if garbled is not None:
            # What reads as garbled in GB18030 may be fine in UTF-8; where the other begins is
            # the later of the two places.
            at = max(len(text[:garbled].encode("gb18030")), valid_until)
            raise self._mixed(block, at, "either UTF-8 or GB18030 throughout")
        unlikely = unlikely_at(text) if self.encoding is None else None
        if unlikely is not None:
            line = block.first_line + text.count("\n", 0, unlikely)
            raise InputError(
                f"{self.name}, line {line}: neither UTF-8 nor likely GB18030: save the file as"
                ' UTF-8, or write encoding = "gb18030" into the profile if that is what it is'
            )
        return text

    def _mixed(self, block: Block, at: int, expected: str) -> InputError:
        return InputError(
            f"{self.name}, line {block.line_at(at)}: not {expected}: the file mixes encodings or"
            " is damaged: save all of it as UTF-8, or state its encoding in the profile"
        )

    def _refuse_garbled(self, block: Block, text: str) -> None:
        at = garbled_at(text)
        if at is not None:
            line = block.first_line + text.count("\n", 0, at)
            raise InputError(
                f"{self.name}, line {line}: garbled characters: the text was once read in a wrong"
                " encoding and saved so; export it again from where it comes from"
            )
