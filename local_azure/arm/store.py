"""Where the local Azure keeps its resources: one SQLite database in the state folder.

An acknowledged write survives a kill of the process and of the machine: write-ahead log,
`synchronous=FULL`, one transaction per request. A lock file keeps a second server out of the folder; the
operating system gives it up when the process ends, however it ends.
"""

import base64
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from local_azure.arm.json_values import JsonObject

SCHEMA_VERSION = 1
"""Layout of the database; a folder with another one is refused, never guessed at."""

DATABASE_NAME = "azure.db"
LOCK_NAME = "azure.lock"

_ASIDE = "deleted:"
"""Begins the keys and types of what is out of sight; every other key begins with a slash."""

_LAYOUT = """
create table if not exists meta (name text primary key, value integer not null) strict, without rowid;
create table if not exists entity (
    key text primary key, id text not null, type text not null, body text not null, secrets text not null,
    etag text not null, created text not null, updated text not null
) strict, without rowid;
create index if not exists entity_type on entity (type, key);
insert or ignore into meta values ('revision', 0);
"""


class StateError(Exception):
    """The state folder cannot be used; the sentence says why and what helps."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One resource as it is kept."""

    id: str
    """ARM id as it was first written; ids are compared without regard to case."""
    type: str
    """Full resource type: `Microsoft.ApiManagement/service/apis`."""
    body: JsonObject
    """What GET may tell."""
    secrets: Mapping[str, str] = field(repr=False)
    """What GET never tells: keys, values of secrets."""
    etag: str
    """Moves with every write of this resource; without quotes."""
    created: datetime
    updated: datetime

    @property
    def key(self) -> str:
        """Return the id in the spelling that ids are compared in."""
        return self.id.lower()

    @property
    def name(self) -> str:
        """Return the last segment of the id."""
        return self.id.rpartition("/")[2]


class Store:
    """The resources of one local Azure. Safe to use from several threads; one transaction at a time."""

    def __init__(self, folder: Path) -> None:
        """Open the state in `folder`, made when it is not there.

        Raises StateError when another server uses the folder, when another version wrote it, or when it
        cannot be read or written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)  # the database holds keys and secrets
        except OSError as error:
            raise StateError(
                f"The state folder '{folder}' cannot be made ({error.strerror}). Name a folder that can be "
                "written with --state."
            ) from error
        self._lock = _lock(folder)
        try:
            self._connection = _connect(folder / DATABASE_NAME)
        except BaseException:
            self._lock.release()
            raise
        self._guard = threading.RLock()
        self._revision = self._read_revision()

    def close(self) -> None:
        """Close the database and let another server use the folder."""
        with self._guard:
            self._connection.close()
            self._lock.release()

    @property
    def revision(self) -> int:
        """Return a number that grows with every committed change, across restarts."""
        return self._revision

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the writes inside durable together when the block ends, or none of them when it raises."""
        with self._guard:
            self._connection.execute("begin immediate")
            try:
                yield
                self._connection.execute("commit")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise
            finally:
                self._revision = self._read_revision()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let the reads inside see one state."""
        with self._guard:
            yield

    def get(self, resource_id: str) -> Entity | None:
        """Return the resource with this id, None when there is none."""
        with self._guard:
            row = self._connection.execute(f"{_SELECT} where key = ?", (resource_id.lower(),)).fetchone()
        return _entity(row) if row else None

    def below(self, resource_id: str, resource_type: str | None = None) -> tuple[Entity, ...]:
        """Return every resource below this id, of one type when one is given, in the order of ids."""
        first, last = _range(resource_id)
        query, values = f"{_SELECT} where key > ? and key < ?", [first, last]
        if resource_type is not None:
            query, values = f"{query} and type = ?", [*values, resource_type]
        with self._guard:
            rows = self._connection.execute(f"{query} order by key", values).fetchall()
        return tuple(_entity(row) for row in rows)

    def of_type(self, resource_type: str) -> tuple[Entity, ...]:
        """Return every resource of one type, in the order of ids."""
        with self._guard:
            rows = self._connection.execute(
                f"{_SELECT} where type = ? order by key", (resource_type,)
            ).fetchall()
        return tuple(_entity(row) for row in rows)

    def put(
        self, resource_id: str, resource_type: str, body: JsonObject, secrets: Mapping[str, str] | None = None
    ) -> Entity:
        """Keep a resource, over what its id held before; call inside a transaction. Returns what is kept."""
        now = datetime.now(UTC)
        before = self.get(resource_id)
        entity = Entity(
            id=before.id if before else resource_id,
            type=resource_type,
            body=body,
            secrets=dict(secrets or {}),
            etag=_etag(self._advance()),
            created=before.created if before else now,
            updated=now,
        )
        self._connection.execute(
            "insert or replace into entity values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                entity.key,
                entity.id,
                entity.type,
                json.dumps(entity.body),
                json.dumps(entity.secrets),
                entity.etag,
                entity.created.isoformat(),
                entity.updated.isoformat(),
            ),
        )
        return entity

    def delete(self, resource_id: str) -> None:
        """Forget a resource and everything below it; call inside a transaction."""
        first, last = _range(resource_id)
        self._advance()
        self._connection.execute(
            "delete from entity where key = ? or (key > ? and key < ?)", (resource_id.lower(), first, last)
        )

    def set_aside(self, resource_id: str) -> None:
        """Take a resource and everything below it out of sight; call inside a transaction.

        It stays in its table, under keys and types that no request can name, until `bring_back` or `forget`.
        """
        first, last = _range(resource_id)
        self._advance()
        self._connection.execute(
            "update entity set key = ? || key, type = ? || type where key = ? or (key > ? and key < ?)",
            (_ASIDE, _ASIDE, resource_id.lower(), first, last),
        )

    def bring_back(self, resource_id: str) -> None:
        """Undo `set_aside`: everything is as it was; call inside a transaction."""
        aside = f"{_ASIDE}{resource_id}"
        first, last = _range(aside)
        self._advance()
        self._connection.execute(
            "update entity set key = substr(key, ?), type = substr(type, ?) where key = ? or (key > ? and key < ?)",
            (len(_ASIDE) + 1, len(_ASIDE) + 1, aside.lower(), first, last),
        )

    def forget(self, resource_id: str) -> None:
        """Delete for good what `set_aside` took out of sight; call inside a transaction."""
        self.delete(f"{_ASIDE}{resource_id}")

    def _advance(self) -> int:
        """Move the revision inside the open transaction and return it."""
        if not self._connection.in_transaction:
            raise RuntimeError("a write needs an open transaction")
        self._connection.execute("update meta set value = value + 1 where name = 'revision'")
        return self._read_revision()

    def _read_revision(self) -> int:
        (value,) = self._connection.execute("select value from meta where name = 'revision'").fetchone()
        return int(value)


_SELECT = "select id, type, body, secrets, etag, created, updated from entity"


def _entity(row: tuple[str, str, str, str, str, str, str]) -> Entity:
    identifier, resource_type, body, secrets, etag, created, updated = row
    return Entity(
        id=identifier,
        type=resource_type,
        body=json.loads(body),
        secrets=json.loads(secrets),
        etag=etag,
        created=datetime.fromisoformat(created),
        updated=datetime.fromisoformat(updated),
    )


def _range(resource_id: str) -> tuple[str, str]:
    """Return the bounds between which the keys below an id lie: `0` is the character after `/`."""
    key = resource_id.lower()
    return f"{key}/", f"{key}0"


def _etag(revision: int) -> str:
    """Return an entity tag in the service's look: eight bytes in base64, like SQL Server's rowversion."""
    return base64.b64encode(revision.to_bytes(8, "big")).decode()


def _lock(folder: Path) -> FileLock:
    lock = FileLock(folder / LOCK_NAME)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise StateError(
            f"The state folder '{folder}' is in use by another local Azure. End that one, or name "
            "another folder with --state."
        ) from error
    except OSError as error:
        raise StateError(
            f"The state folder '{folder}' cannot be written ({error.strerror}). Name a folder that can "
            "be written with --state."
        ) from error
    return lock


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        _check_version(connection, path)
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        connection.executescript(
            f"begin immediate; {_LAYOUT} pragma user_version = {SCHEMA_VERSION}; commit;"
        )
    except sqlite3.Error as error:
        connection.close()
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise StateError(
                f"There is no room on the disk of '{path}': make room there and start again."
            ) from error
        raise StateError(
            f"The state in '{path}' cannot be opened ({error}). {_begin_anew(path.parent)}"
        ) from error
    except StateError:
        connection.close()
        raise
    return connection


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    """Raise StateError unless the database is new or has this layout.

    The version stands in the database header (`pragma user_version`), so that it can be read before any
    table.
    """
    (version,) = connection.execute("pragma user_version").fetchone()
    if version not in (0, SCHEMA_VERSION):
        raise StateError(
            f"The state in '{path}' was written by another version of the local Azure (layout {version}; "
            f"this one reads layout {SCHEMA_VERSION}). {_begin_anew(path.parent)}"
        )


def _begin_anew(folder: Path) -> str:
    """Return the remedy. Stacks believe that what they deployed is still there, so theirs goes with it."""
    return (
        "To begin anew, remove it together with the state of the stacks that were deployed to it, as "
        f"`./dev local reset` does for those of its clone; or name another folder than '{folder}' with --state."
    )
