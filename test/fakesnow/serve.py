"""fakesnow (PyPI), an emulator of Snowflake that nobody here wrote, as a server that the Node driver can talk to.

usage: serve.py PORT FOLDER: serves FOLDER/<database>/<table>.parquet as the tables of the schema RAW of each database.

fakesnow parses each statement with sqlglot's grammar of Snowflake and runs it in DuckDB, so it agrees with no misunderstanding
of ours. Each shim below stands in for something that Snowflake has and fakesnow does not, and says what.
"""

import asyncio
import base64
import datetime
import decimal
import json
import pathlib
import re
import sys

import fakesnow.server as server
import uvicorn
from fakesnow import transforms
from fakesnow.cursor import FakeSnowflakeCursor
from sqlglot import exp
from starlette.responses import JSONResponse
from starlette.routing import Route

PORT, FOLDER = int(sys.argv[1]), pathlib.Path(sys.argv[2])


# Shim 1: results as JSON. Snowflake sends them as JSON to clients that cannot read Arrow, as the Node driver; fakesnow knows
# Arrow only. Cells are text, as the driver's documentation of the protocol has them.
def as_json(table, rowtype):
    rows = zip(*[column.to_pylist() for column in table.columns]) if table.num_columns else []
    rows = with_comments([column["name"] for column in rowtype], rows)
    return json.dumps([[cell(value) for value in row] for row in rows]).encode()


def cell(value):
    if value is None:
        return None
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime.datetime):
        since = value.replace(tzinfo=value.tzinfo or datetime.timezone.utc)
        whole, part = divmod(round(since.timestamp() * 1_000_000), 1_000_000)
        # A zone is said in minutes, from a day before UTC on.
        return f"{whole}.{part:06d}000" + ("" if value.tzinfo is None else " 1440")
    if isinstance(value, datetime.date):
        return str((value - datetime.date(1970, 1, 1)).days)
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    return repr(value) if isinstance(value, float) else str(value)


class JsonResponse(JSONResponse):
    def __init__(self, content, **options):
        data = content.get("data") if isinstance(content, dict) else None
        if isinstance(data, dict) and data.get("queryResultFormat") == "arrow":
            data["rowset"] = json.loads(base64.b64decode(data.pop("rowsetBase64")) or "[]")
            data["queryResultFormat"] = "json"
        # Shim 2: how many rows an answer holds, which Snowflake says beside the total.
        if isinstance(data, dict) and "rowset" in data:
            data["total"] = data["returned"] = len(data["rowset"])
        super().__init__(content, **options)


server.to_sf = as_json
server.to_ipc = lambda rows: rows
server.JSONResponse = JsonResponse


# Shim 3: a day plus an integer is a day in Snowflake; in DuckDB only if the integer has 32 bits, and fakesnow gives all 64.
widened = transforms.integer_precision


def as_wide_as_written(expression):
    is_integer = isinstance(expression, exp.DataType) and expression.this == exp.DataType.Type.INT
    return expression if is_integer else widened(expression)


transforms.integer_precision = as_wide_as_written


# Shim 4: sums are as exact as what is summed. fakesnow makes every column a double first, in case it is text.
transforms.numeric_agg_implicit_cast = lambda expression: expression


# Shim 5: files for a stage go into its folder. fakesnow sends clients to an address that stands for Google's, with less than the
# Node driver wants to know.
server.gcs_stage_info = lambda request, expression, data: data["stageInfo"]


# Shim 6: functions that fakesnow does not have. Which hash it is does not matter, only that it follows from the rows alone.
def make_functions(connection, schema):
    hashes = []
    for count in range(1, 13):
        names = ", ".join(f"c{number}" for number in range(count))
        hashes.append(f"({names}) as cast(sum(cast(hash({names}) as hugeint)) % 9223372036854775807 as bigint)")
    connection.execute(f"create macro {schema}.hash_agg{', '.join(hashes)}")
    connection.execute(f"create macro {schema}.current_warehouse() as 'TEST'")


# Shim 7: SHOW lists tables and stages with the comments they were made with, which fakesnow leaves empty there.
MADE = re.compile(
    r"create (?P<replace>or replace )?(?:[a-z]+ )?(?:table|stage|view) (?:if not exists )?"
    r"(?:[\w\"]+\.)?(?P<schema>[\w\"]+)\.(?P<name>[\w\"]+)"
)
COMMENT = re.compile(r"\ncomment = '([^']*)'")
comments = {}
execute = FakeSnowflakeCursor.execute


def remember_comment(cursor, command, *args, **options):
    result = execute(cursor, command, *args, **options)
    made = MADE.match(re.sub(r"^(\s*--.*\n)*\s*", "", command))
    if made:
        key = tuple(made[part].strip('"').upper() for part in ("schema", "name"))
        comment = COMMENT.search(command)
        if made["replace"] or key not in comments:
            comments[key] = comment[1] if comment else ""
    return result


FakeSnowflakeCursor.execute = remember_comment


def with_comments(names, rows):
    lower = [name.lower() for name in names]
    if not {"schema_name", "name", "comment"} <= set(lower):
        return rows
    at = {name: lower.index(name) for name in ("schema_name", "name", "comment")}
    commented = [list(row) for row in rows]
    for row in commented:
        row[at["comment"]] = comments.get((row[at["schema_name"]], row[at["name"]]), "")
    return commented


# Shim 8: one statement at a time. Those that one session runs side by side, as Snowflake allows, read each other's results here.
turn = asyncio.Lock()


async def query_in_turn(request):
    async with turn:
        return await server.query_request(request)


for number, route in enumerate(server.app.router.routes):
    if route.endpoint is server.query_request:
        server.app.router.routes[number] = Route(route.path, query_in_turn, methods=["POST"])


for database in sorted(FOLDER.iterdir()):
    connection = server.shared_fs.connect(database.name, "RAW")._duck_conn
    for table in sorted(database.glob("*.parquet")):
        name = f'"{database.name}"."RAW"."{table.stem}"'
        connection.execute(f"create table {name} as select * from read_parquet('{table}')")
    make_functions(connection, f'"{database.name}"."RAW"')

uvicorn.run(server.app, host="127.0.0.1", port=PORT, log_level="warning")
