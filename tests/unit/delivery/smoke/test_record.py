"""Records of smoke tests lie in one folder with those of deliveries."""

from pathlib import Path

from delivery import records
from delivery.records import DeliveryRecord, Operation
from delivery.smoke.record import SmokeOutcome, SmokeRecord, SmokeResult, write


def test_both_kinds_of_records_live_in_one_folder(tmp_path: Path) -> None:
    delivered = DeliveryRecord(environment="dev", operation=Operation.UP)
    smoked = SmokeRecord(
        environment="dev",
        results=(SmokeResult(model="churn", version="v1", outcome=SmokeOutcome.ANSWERED, status=200),),
    )
    records.write(delivered, tmp_path)
    file = write(smoked, tmp_path)
    assert file.name == "dev.smoke.json"
    assert records.read(tmp_path) == (delivered,)
    assert SmokeRecord.model_validate_json(file.read_bytes()) == smoked
