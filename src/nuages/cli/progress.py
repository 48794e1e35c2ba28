"""Progress of long work: a spinner on a terminal, one plain line per step elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.status import Status

from nuages.effects import clock


class Progress:
    """A ``local.engine.Listener`` that tells a person what happens."""

    def __init__(self, console: Console, *, quiet: bool = False, verbose: bool = False) -> None:
        self.console = console
        self.quiet = quiet
        self.verbose = verbose
        self._status: Status | None = None
        self._title = ""

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Show ``title`` while the work goes on, then how long it took."""
        start = clock.elapsed()
        outer = self._title
        self._begin(title)
        try:
            yield
        except BaseException:
            self._end(title, "[red]✗[/]", start)
            raise
        else:
            self._end(title, "[green]✓[/]", start)
        finally:
            self._title = outer

    def line(self, text: str) -> None:
        """Show the last line that the work printed; keep it only where that was asked for."""
        if self.verbose:
            self.console.print(f"    {escape(text)}", style="dim")
        elif self._status is not None and text.strip():
            self._status.update(f"{escape(self._title)}  [dim]{escape(text.strip()[:70])}[/]")

    def notice(self, code: str, text: str) -> None:
        """Say something that the user should know."""
        if not self.quiet:
            self.console.print(f"  [yellow]![/] {escape(text)} [dim]({code})[/]")

    def _begin(self, title: str) -> None:
        self._title = title
        if self.quiet or not self.console.is_terminal or self.verbose:
            return
        if self._status is None:
            self._status = self.console.status(escape(title), spinner="dots")
            self._status.start()
        self._status.update(escape(title))

    def _end(self, title: str, mark: str, start: float) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None
        if not self.quiet:
            seconds = clock.elapsed() - start
            self.console.print(f"  {mark} {escape(title)} [dim]{seconds:.1f}s[/]")
