"""MkDocs' server, told when to build, that remembers what MkDocs made of each page.

MkDocs makes every page anew at every build, and most of that time goes into pages that are as they were. Here four of
its steps keep what they made by what they made it from: the theme's templates, a page's HTML, its part of the search
index, and the whole page. The site is the same as without.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Template
from material.plugins.search.plugin import SearchIndex
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.theme import Theme
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from scripts import ROOT
from scripts.cache import key_of

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

CONFIG = ROOT / "mkdocs.yml"
_CHANGES = ("created", "deleted", "modified", "moved")
# What `render` leaves on a page.
_RENDERED = ("content", "toc", "_title_from_render", "present_anchor_ids", "links_to_anchors")


class Changes(FileSystemEventHandler):
    """Calls `changed` for each change that calls for a build."""

    def __init__(self, changed: Callable[[], None], calls_for_build: Callable[[Path], bool]) -> None:
        self._changed, self._calls_for_build = changed, calls_for_build

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note a change."""
        if event.is_directory or event.event_type not in _CHANGES:
            return
        if any(name and self._calls_for_build(Path(str(name))) for name in (event.src_path, event.dest_path)):
            self._changed()


class Preview(LiveReloadServer):
    """The site on a local port; a change below the watched folders has it made anew, and open browsers reload it.

    Parameters
    ----------
    make
        Makes what MkDocs builds from.
    """

    def __init__(self, port: int, make: Callable[[], object]) -> None:
        self._site = tempfile.mkdtemp(prefix="site-")
        super().__init__(self._build, "127.0.0.1", port, self._site)
        # The one it brings looks only twice a second.
        self.observer = Observer()  # type: ignore[assignment]
        self._make, self._making = make, threading.Lock()
        self._config = self._configured()
        self._config.plugins.on_startup(command="serve", dirty=False)
        self.error_handler = self._error_page

    def follow(self, folders: tuple[Path, ...], calls_for_build: Callable[[Path], bool]) -> None:
        """Show the site and follow changes until interrupted."""
        remember()
        try:
            self._show()
            # Its own `watch` takes the reading of a file for a change of it, with this observer, and builds for ever.
            self._watched_paths |= {str(folder): 1 for folder in folders}
            self.observer.schedule(Changes(self._want, lambda path: path == CONFIG), str(ROOT))
            for folder in folders:
                self.observer.schedule(Changes(self._want, self._settled(calls_for_build)), str(folder), recursive=True)
            self.serve()  # type: ignore[no-untyped-call]
        finally:
            self.shutdown()
            self._config.plugins.on_shutdown()
            shutil.rmtree(self._site)

    def _want(self) -> None:
        with self._rebuild_cond:
            self._want_rebuild = True
            self._rebuild_cond.notify_all()

    def _settled(self, calls_for_build: Callable[[Path], bool]) -> Callable[[Path], bool]:
        """Return what answers only between builds: what a build writes can be told from a change when it is done."""

        def calls(path: Path) -> bool:
            with self._making:
                return calls_for_build(path)

        return calls

    def _build(self) -> None:
        with self._making:
            self._make()
        self._config = self._configured()
        self._show()

    def _configured(self) -> MkDocsConfig:
        return load_config(str(CONFIG), site_dir=self._site)

    def _show(self) -> None:
        self._config.site_url = self.url
        build(self._config, serve_url=self.url)

    def _error_page(self, code: int) -> bytes | None:
        page = Path(self._site, f"{code}.html")
        return page.read_bytes() if page.is_file() else None


def remember() -> None:
    """Have MkDocs keep, in this process, what it makes: nothing that the kept thing hangs on is left out of its key."""
    steps: tuple[tuple[type, str, Callable[[Any], object]], ...] = (
        (Theme, "get_env", _keeping_templates),
        (Page, "render", _keeping_pages),
        (SearchIndex, "add_entry_from_context", _keeping_entries),
        (Template, "render", _keeping_whole),
    )
    for owner, step, keeping in steps:
        setattr(owner, step, keeping(getattr(owner, step)))


def _keeping_templates(get_env: Callable[[Theme], Environment]) -> Callable[[Theme], Environment]:
    kept: dict[tuple[str, ...], Environment] = {}

    def get(theme: Theme) -> Environment:
        key = (*theme.dirs, str(theme.locale))
        if key not in kept:
            kept[key] = get_env(theme)
            names = kept[key].list_templates()
            kept[key].loader.list_templates = lambda: names  # type: ignore[union-attr, method-assign]
        return kept[key]

    return get


Render = Callable[[Page, "MkDocsConfig", "Files"], None]


def _keeping_pages(render: Render) -> Render:
    kept: dict[str, tuple[str, dict[str, Any]]] = {}

    def rendered(page: Page, config: MkDocsConfig, files: Files) -> None:
        name = page.file.src_uri
        key = key_of([page.markdown or "", *_around(files)])
        if kept.get(name, ("",))[0] != key:
            render(page, config, files)
            kept[name] = key, {of: getattr(page, of) for of in _RENDERED}
            return
        for of, value in kept[name][1].items():
            setattr(page, of, value)
        # The files that it links to have pages of this build now.
        links = page.links_to_anchors or {}
        page.links_to_anchors = {files.src_uris.get(to.src_uri, to): anchors for to, anchors in links.items()}

    return rendered


def _around(files: Files) -> list[bytes | str]:
    """Return what a page's HTML hangs on besides its text: the settings, texts put into it, which files there are."""
    texts = sorted((ROOT / "docs" / "assets").glob("*.txt"))
    return [CONFIG.read_bytes(), *(text.read_bytes() for text in texts), *sorted(files.src_uris)]


Add = Callable[[SearchIndex, Page], None]


def _keeping_entries(add: Add) -> Add:
    kept: dict[str, tuple[tuple[object, ...], list[dict[str, Any]]]] = {}

    def added(index: SearchIndex, page: Page) -> None:
        key = (page.content, page.url, page.title, repr(page.meta))
        before = len(index.entries)
        if kept.get(page.url, (None,))[0] == key:
            index.entries.extend(dict(entry) for entry in kept[page.url][1])
            return
        add(index, page)
        kept[page.url] = key, [dict(entry) for entry in index.entries[before:]]

    return added


Fill = Callable[[Template, dict[str, Any]], str]


def _keeping_whole(fill: Fill) -> Fill:
    kept: dict[str, tuple[tuple[object, ...], str]] = {}

    def filled(template: Template, *given: Any, **named: Any) -> str:
        context = dict(*given, **named)
        page = context.get("page")
        if not isinstance(page, Page):
            return fill(template, context)
        key = (template.name, page.content, page.title, repr(page.meta), CONFIG.read_bytes(), _places(context["nav"]))
        if kept.get(page.url, (None,))[0] != key:
            kept[page.url] = key, fill(template, context)
        return kept[page.url][1]

    return filled


def _places(nav: Navigation) -> list[tuple[str | None, str]]:
    """Return what the navigation of a page is made from, in its order."""
    return [(page.title, page.url) for page in nav.pages]
