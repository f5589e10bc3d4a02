"""The types of rows say what the API sends, no more and no less."""

from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from api.reads.bars import Interval
from api.reads.listing import Sort
from api.routes import market_data, news, signals
from api.shapes import analytics, entities, reports, watchlists
from api.shapes import market_data as market_shapes
from api.shapes import news as news_shapes
from api.shapes import signals as signal_shapes
from common.signal_types import SignalType
from cryptointel import calls, types

ROWS = [
    (types.Asset, market_shapes.ListedAsset),
    (types.Price, market_shapes.Latest),
    (types.Bar, market_shapes.Bar),
    (types.Signal, signal_shapes.ListedSignal),
    (types.SignalInFull, signal_shapes.SignalInFull),
    (types.Story, news_shapes.Story),
    (types.Entity, entities.Entity),
    (types.TrackRecord, analytics.TrackRecord),
    (types.Watchlist, watchlists.Watchlist),
    (types.WatchlistWithRows, watchlists.WatchlistWithRows),
    (types.Report, reports.Report),
]
REQUESTS = [
    (calls.AssetFilters, market_data.MarketListRequest, set()),
    (calls.SignalFilters, signals.SignalsRequest, {"type"}),
    (calls.NewsFilters, news.NewsRequest, set()),
]


def names(struct: Any) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(struct)}


@pytest.mark.parametrize(("row", "shape"), ROWS, ids=lambda one: one.__name__)
def test_a_row_has_the_fields_of_the_answer(row: Any, shape: Any) -> None:
    assert set(get_type_hints(row)) == names(shape)


@pytest.mark.parametrize(("filters", "request_", "elsewhere"), REQUESTS)
def test_every_filter_can_be_given_and_no_other(
    filters: Any, request_: Any, elsewhere: set[str]
) -> None:
    assert set(get_type_hints(filters)) == names(request_) - elsewhere


def test_bars_know_every_parameter_of_a_history() -> None:
    renamed = {"since": "from", "until": "to"}
    given = {renamed.get(name, name) for name in get_type_hints(calls.BarFilters)}
    assert given == names(market_data.MarketDataRequest) - {"symbol", "history"}


def test_words_are_those_that_the_api_knows() -> None:
    assert set(get_args(types.SignalType)) == set(get_args(SignalType))
    assert get_args(types.Interval) == get_args(Interval)
    assert set(get_args(types.Sort)) == set(get_args(Sort))
