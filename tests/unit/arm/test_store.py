"""The store: what is kept, what survives, who may open it."""

import sqlite3
from pathlib import Path

import pytest

from local_azure.arm.store import DATABASE_NAME, SCHEMA_VERSION, StateError, Store

ID = "/subscriptions/s/resourceGroups/Rg/providers/Fabrikam.Things/things/One"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state"


def _write(store: Store, resource_id: str = ID, value: int = 1, key: str = "hidden") -> None:
    with store.transaction():
        store.put(resource_id, "Fabrikam.Things/things", {"value": value}, {"key": key})


def _write_and_fail(store: Store) -> None:
    store.put(ID, "Fabrikam.Things/things", {})
    raise sqlite3.IntegrityError(ID)


def test_a_resource_is_found_whatever_the_case_of_its_id(folder: Path) -> None:
    store = Store(folder)
    _write(store)
    found = store.get(ID.upper())
    assert found is not None
    assert (found.id, found.name, found.body, found.secrets) == (ID, "One", {"value": 1}, {"key": "hidden"})
    store.close()


def test_the_id_stays_as_it_was_first_written(folder: Path) -> None:
    store = Store(folder)
    _write(store)
    _write(store, ID.lower(), value=2)
    found = store.get(ID)
    assert found is not None
    assert (found.id, found.body) == (ID, {"value": 2})
    store.close()


def test_a_change_moves_the_entity_tag_and_keeps_the_date_of_creation(folder: Path) -> None:
    store = Store(folder)
    _write(store)
    first = store.get(ID)
    _write(store)
    second = store.get(ID)
    assert first is not None
    assert second is not None
    assert first.etag != second.etag
    assert first.created == second.created < second.updated
    store.close()


def test_everything_is_there_after_a_restart(folder: Path) -> None:
    store = Store(folder)
    _write(store)
    before, revision = store.get(ID), store.revision
    store.close()
    again = Store(folder)
    assert (again.get(ID), again.revision) == (before, revision)
    again.close()


def test_a_failed_transaction_leaves_nothing_behind(folder: Path) -> None:
    store = Store(folder)
    revision = store.revision
    with pytest.raises(sqlite3.IntegrityError), store.transaction():
        _write_and_fail(store)
    assert store.get(ID) is None
    assert store.revision == revision
    _write(store)
    assert store.get(ID) is not None
    store.close()


def test_a_write_outside_a_transaction_is_a_mistake(folder: Path) -> None:
    store = Store(folder)
    with pytest.raises(RuntimeError, match="needs an open transaction"):
        store.put(ID, "Fabrikam.Things/things", {})
    store.close()


def test_deletion_takes_what_lies_below_and_nothing_beside(folder: Path) -> None:
    store = Store(folder)
    for resource_id in (ID, f"{ID}/parts/a", f"{ID}/parts/a/bits/b", f"{ID}-beside", f"{ID}0"):
        _write(store, resource_id)
    with store.transaction():
        store.delete(ID.upper())
    left = [entity.id for entity in store.of_type("Fabrikam.Things/things")]
    assert left == [f"{ID}-beside", f"{ID}0"]
    store.close()


def test_the_revision_moves_with_writes_alone(folder: Path) -> None:
    store = Store(folder)
    revision = store.revision
    store.get(ID)
    with store.transaction():
        pass
    assert store.revision == revision
    _write(store)
    assert store.revision > revision
    store.close()


def test_secrets_are_not_in_the_representation(folder: Path) -> None:
    store = Store(folder)
    _write(store, key="b3d1-very-secret")
    assert "b3d1-very-secret" not in repr(store.get(ID))
    store.close()


def test_two_servers_cannot_use_one_folder(folder: Path) -> None:
    store = Store(folder)
    with pytest.raises(StateError, match=r"in use by another local Azure.*--state"):
        Store(folder)
    store.close()
    Store(folder).close()


def test_a_folder_of_another_version_is_refused_and_left_alone(folder: Path) -> None:
    Store(folder).close()
    database = folder / DATABASE_NAME
    with sqlite3.connect(database) as connection:
        connection.execute(f"pragma user_version = {SCHEMA_VERSION + 6}")
    connection.close()
    before = database.read_bytes()
    with pytest.raises(
        StateError, match=rf"layout {SCHEMA_VERSION + 6}; this one reads layout {SCHEMA_VERSION}"
    ):
        Store(folder)
    assert database.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_with_the_remedy(folder: Path) -> None:
    folder.mkdir()
    (folder / DATABASE_NAME).write_text("this is not a database, but it is long enough to be looked at" * 40)
    with pytest.raises(
        StateError, match=r"cannot be opened .*remove it together with the state of the stacks"
    ):
        Store(folder)


def test_a_folder_that_cannot_be_made_is_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StateError, match=r"cannot be made .*--state"):
        Store(tmp_path / "file" / "state")
