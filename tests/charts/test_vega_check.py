"""What is said of a Vega-Lite specification that its schema or the data do not know."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import ValidationError

from reportgen.blocks.vega_check import field_mistakes, schema_mistake

FIELDS = {"runs": ("name", "config_optimizer_lr", "config_seed", "val/acc"), "history": ("run", "key", "step", "value")}
RUNS = {"data": {"name": "runs"}}


def x(**channel: Any) -> dict[str, Any]:
    return {**RUNS, "mark": "point", "encoding": {"x": channel}}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({**RUNS, "mark": "poit"}, "spec.mark: there is no 'poit'; did you mean 'point'?"),
        ({**RUNS, "mark": {"type": "poit"}}, "spec.mark.type: there is no 'poit'; did you mean 'point'?"),
        ({**RUNS, "mark": {"type": "point", "colour": "red"}}, "spec.mark: no property 'colour'; did you mean 'color'?"),
        ({**RUNS, "layer": [{"mark": "lin"}]}, "spec.layer.0.mark: there is no 'lin'; did you mean 'line'?"),
        ({**RUNS, "mark": "point", "encodng": {}}, "spec: no property 'encodng'; did you mean 'encoding'?"),
        ({**RUNS, "mark": "point", "encoding": {"colour": {}}}, "spec.encoding: no property 'colour'; did you mean 'color'?"),
        (x(field="name", typ="nominal"), "spec.encoding.x: no property 'typ'; did you mean 'type'?"),
        (x(field="name", type="nominl"), "spec.encoding.x.type: there is no 'nominl'; did you mean 'nominal'?"),
        (x(field="name", scale={"type": "lgo"}), "spec.encoding.x.scale.type: there is no 'lgo'; did you mean 'log'?"),
        (dict(RUNS), "spec: '{'data': {'name': 'runs'}}' does not fit: 'mark' is a required property"),
    ],
)  # fmt: skip
def test_what_the_schema_does_not_know(spec: dict[str, Any], expected: str) -> None:
    import altair as alt

    with pytest.raises(ValidationError) as error:
        alt.Chart.from_dict(spec)
    assert str(schema_mistake(error.value)) == expected


LAYERS = {
    **RUNS,
    "encoding": {"y": {"field": "value"}},
    "layer": [{"data": {"name": "history"}, "mark": "line"}, {"data": {"values": [1]}, "mark": "rule"}, {"mark": "point"}],
}
NAMES = "there are: name, config_optimizer_lr, config_seed, val/acc"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (x(field="config_lr"), ["no field 'config_lr' in the data 'runs'; did you mean 'config_optimizer_lr'?"]),
        (x(field="config.optimizer.lr"), ["no field 'config.optimizer.lr' in the data 'runs'; did you mean 'config_optimizer_lr'?"]),
        (x(field="val/acc", sort={"field": "nme"}), ["no field 'nme' in the data 'runs'; did you mean 'name'?"]),
        (x(field="q"), [f"no field 'q' in the data 'runs'; {NAMES}"]),
        (x(aggregate="count"), []),
        (x(field={"repeat": "row"}), []),
        ({**x(field="z"), "transform": [{"calculate": "1", "as": "z"}]}, []),
        ({**x(field="value"), "transform": [{"fold": ["val/acc"]}]}, []),
        ({**x(field="anything"), "transform": [{"pivot": "key", "value": "value"}]}, []),
        ({**x(field="anything"), "data": {"values": [{"anything": 1}]}}, []),
        (LAYERS, [f"no field 'value' in the data 'runs'; {NAMES}"]),
        (
            {**RUNS, "repeat": {"row": ["val/ac", "name"]}, "spec": {"mark": "point"}},
            ["no field 'val/ac' in the data 'runs'; did you mean 'val/acc'?"],
        ),
        (
            {**RUNS, "facet": {"row": {"field": "nam"}}, "spec": {"mark": "bar", "encoding": {"x": {"field": "config_sed"}}}},
            ["no field 'nam' in the data 'runs'; did you mean 'name'?",
             "no field 'config_sed' in the data 'runs'; did you mean 'config_seed'?"],
        ),
    ],
)  # fmt: skip
def test_fields_that_the_data_do_not_have(spec: dict[str, Any], expected: list[str]) -> None:
    assert [str(one) for one in field_mistakes(spec, FIELDS)] == expected
