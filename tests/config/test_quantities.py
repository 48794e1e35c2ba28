"""Sizes, durations and CPU shares."""

import pytest

from nuages.config import quantities


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2Gi", 2 * 1024**3),
        ("512Mi", 512 * 1024**2),
        ("1gb", 1024**3),
        ("1 GB", 1024**3),
        ("1.5Gi", 1536 * 1024**2),
        ("512m", 512 * 1024**2),
        ("64Ki", 65536),
        ("1Ti", 1024**4),
    ],
)
def test_sizes_are_bytes(written: str, expected: int) -> None:
    assert quantities.size(written) == expected


@pytest.mark.parametrize("written", [512, 1.5, "512", "512b"])
def test_a_size_without_a_unit_is_explained(written: object) -> None:
    with pytest.raises(ValueError, match=r"needs a unit: \S+Mi is mebibytes"):
        quantities.size(written)


@pytest.mark.parametrize("written", ["", "Gi", "1Xi", "-1Gi", "1GiB!", True, None, [], "1e9Gi"])
def test_what_is_no_size_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="should be a size such as 512Mi"):
        quantities.size(written)


@pytest.mark.parametrize("written", ["0Gi", "0.1Ki", "65Ti"])
def test_sizes_have_bounds(written: str) -> None:
    with pytest.raises(ValueError, match="between 1Ki and 64Ti"):
        quantities.size(written)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("30s", 30),
        ("5m", 300),
        ("2h", 7200),
        ("1h30m", 5400),
        ("1h 30m", 5400),
        ("90d", 90 * 86400),
        ("1w", 604800),
        ("1500ms", 2),
        (300, 300),
    ],
)
def test_durations_are_seconds(written: object, expected: int) -> None:
    assert quantities.duration(written) == expected


@pytest.mark.parametrize("written", ["", "s", "5x", "5", 1.5, True, None, "m5", "-5s"])
def test_what_is_no_duration_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="should be a duration such as 30s"):
        quantities.duration(written)


@pytest.mark.parametrize("written", [0, -1, "0s", "1ms", "4000d"])
def test_durations_have_bounds(written: object) -> None:
    with pytest.raises(ValueError, match="at least 1s"):
        quantities.duration(written)


@pytest.mark.parametrize(
    ("written", "expected"), [(2, 2.0), (0.5, 0.5), ("500m", 0.5), ("1", 1.0), ("1.5", 1.5)]
)
def test_cpu_is_cores(written: object, expected: float) -> None:
    assert quantities.cpu(written) == expected


@pytest.mark.parametrize("written", ["", "two", "1c", True, None, "500mm"])
def test_what_is_no_cpu_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="should be a number of cores"):
        quantities.cpu(written)


@pytest.mark.parametrize("written", [0, 257, "5m"])
def test_cpu_has_bounds(written: object) -> None:
    with pytest.raises(ValueError, match=r"between 0\.01"):
        quantities.cpu(written)
