import math

from benchmarks.samples import Samples


def test_the_median_does_not_follow_an_outlier() -> None:
    assert Samples.of([3, 1, 100]).median == 3
    assert Samples.of([1, 2, 3, 100]).median == 2.5


def test_the_95th_percentile_is_interpolated_and_never_beyond_the_largest() -> None:
    assert Samples.of(range(101)).p95 == 95
    assert 2 < Samples.of([1, 2, 3]).p95 < 3
    assert Samples.of([7]).p95 == 7


def test_the_ratio_is_that_of_the_medians() -> None:
    assert Samples.of([2, 4, 90]).ratio(Samples.of([1, 2, 3])) == 2


def test_of_a_baseline_of_nothing_there_is_no_ratio() -> None:
    assert math.isnan(Samples.of([1]).ratio(Samples.of([0])))
