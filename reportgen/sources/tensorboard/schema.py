"""The protobuf messages of event files, as far as they are read.

The numbers are those of TensorBoard 2.21 (`event.proto`, `summary.proto`, `tensor.proto` and those of its plugins); fields
were added over the years and none has changed. `Value` is protobuf's own `google.protobuf.Value`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from reportgen.sources import protobuf

_PACKAGE = "reportgen.tensorboard"

_MESSAGES = """
Event: 1 wall_time double, 2 step int64, 3 file_version |string, 5 summary |Summary, 7 session_log |SessionLog,
    10 source_metadata SourceMetadata
SessionLog: 1 status int32
SourceMetadata: 1 writer string
Summary: 1 value SummaryValue*
SummaryValue: 1 tag string, 2 simple_value |float, 4 image |Image, 5 histo |HistogramProto, 6 audio |Audio, 7 node_name string,
    8 tensor |TensorProto, 9 metadata SummaryMetadata
SummaryMetadata: 1 plugin_data PluginData, 2 display_name string, 3 summary_description string
PluginData: 1 plugin_name string, 2 content bytes
Image: 1 height int32, 2 width int32, 3 colorspace int32, 4 encoded_image_string bytes
Audio: 1 sample_rate float, 2 num_channels int64, 3 length_frames int64, 4 encoded_audio_string bytes, 5 content_type string
HistogramProto: 1 min double, 2 max double, 3 num double, 4 sum double, 5 sum_squares double, 6 bucket_limit double*,
    7 bucket double*
TensorProto: 1 dtype int32, 2 tensor_shape TensorShapeProto, 4 tensor_content bytes, 5 float_val float*, 6 double_val double*,
    7 int_val int32*, 8 string_val bytes*, 10 int64_val int64*, 11 bool_val bool*, 13 half_val int32*, 16 uint32_val uint32*,
    17 uint64_val uint64*
TensorShapeProto: 2 dim Dim*, 3 unknown_rank bool
Dim: 1 size int64
HParamsPluginData: 1 version int32, 2 experiment |Experiment, 3 session_start_info |SessionStartInfo,
    4 session_end_info |SessionEndInfo
Experiment: 1 description string, 2 user string, 3 time_created_secs double, 4 hparam_infos HParamInfo*, 5 metric_infos MetricInfo*,
    6 name string
HParamInfo: 1 name string, 5 domain_discrete |ListValue, 6 domain_interval |Interval
Interval: 1 min_value double, 2 max_value double
MetricInfo: 1 name MetricName
MetricName: 1 group string, 2 tag string
SessionStartInfo: 1 hparams HparamsEntry*, 4 group_name string, 5 start_time_secs double
HparamsEntry: 1 key string, 2 value Value
SessionEndInfo: 1 status int32, 2 end_time_secs double
Value: 1 null_value |int32, 2 number_value |double, 3 string_value |string, 4 bool_value |bool, 5 struct_value |Struct,
    6 list_value |ListValue
ListValue: 1 values Value*
Struct: 1 fields HparamsEntry*
"""


@cache
def message_class(name: str) -> Any:
    """The class of a message ("Event", "HParamsPluginData", …). `WhichOneof("record_type")` names the field of its one-of that is set."""
    return protobuf.message_class(_PACKAGE, _MESSAGES, name)
