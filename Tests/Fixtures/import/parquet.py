# Writes what pyarrow and datasets write by default, for the reader of Parquet: pages of both versions, dictionaries,
# Snappy, nulls, and a codec that is not read. Made with pyarrow 26.0.1.
import io, struct, sys
import pyarrow as pa, pyarrow.parquet as pq

here = sys.argv[1]


def sound(number):
    frames = [((n * (37 + number)) % 256 - 128) * 200 for n in range(1600)]
    data = struct.pack("<1600h", *frames)
    return b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack(
        "<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16) + b"data" + struct.pack("<I", len(data)) + data


rows = [{
    "id": f"q{n}",
    "audio": {"bytes": sound(n // 2), "path": f"{n // 2}.wav"},
    "question": ["Which bell rings?", "Is it raining?", "Wer spricht – und wo?"][n % 3] + f" ({n})",
    "choices": [["church", "bicycle"], ["yes", "no", "perhaps"], ["ein Kind", "ein Mann"]][n % 3],
    "answer": ["bicycle", "no", "ein Kind"][n % 3],
    "difficulty": None if n % 4 == 0 else "hard",
    "pass_rate": n / 8,
    "score": float(n) if n % 2 else None,
    "seen": n % 2 == 0,
    "tags": [] if n % 3 == 0 else None if n % 3 == 1 else ["a", None],
} for n in range(8)]
audio = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
table = pa.Table.from_pylist(rows, schema=pa.schema([
    ("id", pa.string()), ("audio", audio), ("question", pa.string()), ("choices", pa.list_(pa.string())),
    ("answer", pa.string()), ("difficulty", pa.string()), ("pass_rate", pa.float64()), ("score", pa.float32()),
    ("seen", pa.bool_()), ("tags", pa.list_(pa.string()))]))
pq.write_table(table, f"{here}/snappy.parquet", row_group_size=5)
pq.write_table(table, f"{here}/version-2.parquet", data_page_version="2.0", row_group_size=5)
pq.write_table(table, f"{here}/plain.parquet", compression="none", use_dictionary=False)
pq.write_table(table, f"{here}/zstd.parquet", compression="zstd")
