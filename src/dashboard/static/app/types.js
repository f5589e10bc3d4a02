/**
 * What the API sends, named once.
 *
 * @typedef {object} Asset
 * @property {string} asset_id
 * @property {string} symbol
 * @property {string} name
 * @property {number | null} price US dollars
 * @property {number | null} change_1h percent
 * @property {number | null} change_24h percent
 * @property {number | null} [change_7d] percent
 * @property {number | null} volume_24h US dollars
 * @property {number | null} market_cap US dollars
 * @property {string | null} observed_at ISO 8601
 * @property {string | null} source
 *
 * @typedef {"price_anomaly" | "volume_spike" | "sentiment_shift" | "pump" | "depeg" | "tvl_outflow"
 *   | "source_trouble" | "unusual_reading"} SignalType
 *
 * @typedef {object} Calibration what may be said of a signal for one horizon
 * @property {number | null} p 0..1, null until enough signals were judged
 * @property {number} n judged signals with a score like this one's
 * @property {number} n_type judged signals of the type
 * @property {number} [days] on which they fired
 * @property {number} hits of `n`
 * @property {number | null} base_rate 0..1
 * @property {[number, number] | null} interval 0..1, of p
 * @property {boolean} edge whether more follows than chance gives
 * @property {string | null} note
 *
 * @typedef {object} Evidence
 * @property {"up" | "down" | null} [direction]
 * @property {{name: string, value: number | null, unit: string}} [measured]
 * @property {number} [window_seconds]
 * @property {{name: string, value: number | null, threshold: number | null}} [statistic]
 * @property {Record<string, number>} [context] further numbers by name
 * @property {Record<string, string>} [labels] words derived from numbers: stage, pattern, ...
 * @property {{source: string, observed_at: string, age_seconds: number}[]} [inputs]
 * @property {{name: string, version: number | string}} [detector]
 * @property {{rejected: Record<string, string>, spread: number}} [sources]
 * @property {{name: string, says: string, horizon: number}} [claim] what is said to follow
 * @property {Calibration} [calibration] for the claim's horizon
 * @property {Record<string, Calibration>} [horizons] by seconds
 *
 * @typedef {object} Signal
 * @property {string} id
 * @property {SignalType} type
 * @property {string} asset_id
 * @property {string} symbol
 * @property {string} name
 * @property {number | null} confidence_score 0..1, null until calibrated
 * @property {string} created_at ISO 8601
 * @property {string | null} ended_at null while it lasts
 * @property {string | null} known_at later than created_at when found in history loaded later
 * @property {string | null} event_id shared by the signals of one event
 * @property {string} explanation
 * @property {Evidence} metadata
 * @property {Outcome[]} [outcomes] where they are known: a signal that has just come has none
 *
 * @typedef {object} Outcome what came of a signal by a horizon
 * @property {number} horizon_seconds
 * @property {string} due_at ISO 8601
 * @property {string | null} judged_at null before the horizon
 * @property {boolean | null} hit null where it cannot be told
 * @property {string | null} reason why it cannot
 *
 * @typedef {object} Source
 * @property {string} source
 * @property {"ok" | "degraded" | "off"} state
 * @property {string | null} last_success ISO 8601
 * @property {string | null} reason
 * @property {string} attribution
 * @property {string} attribution_url
 *
 * @typedef {object} Market
 * @property {number | null} total_market_cap
 * @property {number | null} total_volume
 * @property {number | null} btc_dominance percent
 * @property {number | null} market_cap_change_24h percent
 *
 * @typedef {object} BeyondNumber a number that is no price
 * @property {"fear_greed" | "chain_tvl" | "dex_volume" | "bitcoin_fee" | "gas_price"} kind
 * @property {number} value
 * @property {string} unit
 * @property {string | null} label the provider's word for the value
 * @property {string} observed_at ISO 8601
 * @property {string} source
 * @property {string} attribution
 * @property {string} attribution_url
 *
 * @typedef {"live" | "simulated" | "recorded"} Origin
 *
 * @typedef {object} Fired what fired on an asset within a day: how often, and what last
 * @property {number} signals_24h
 * @property {number} lasting those that are not over
 * @property {string} signal_id
 * @property {SignalType} type
 * @property {"up" | "down" | null} direction
 * @property {string} explanation
 * @property {string} created_at ISO 8601
 * @property {string | null} ended_at
 * @property {number | null} horizon_seconds
 * @property {Calibration | null} calibration
 *
 * @typedef {object} Breadth
 * @property {number} assets all of them
 * @property {number} up rose within a day
 * @property {number} down
 *
 * @typedef {object} Mood the mean tone of a day's stories
 * @property {number | null} tone -1..1
 * @property {number} n stories
 * @property {string | null} newest_at ISO 8601
 * @property {Record<string, number>} sources stories by source
 * @property {{tone: number | null, n: number}} before of the day before
 * @property {{time: string, tone: number, n: number}[]} points
 *
 * @typedef {object} Overview
 * @property {string | null} tick
 * @property {Origin} origin
 * @property {Source[]} sources
 * @property {Market | null} market
 * @property {Breadth} breadth
 * @property {Asset[]} assets the largest, and those that moved most
 * @property {number} least_volume of what is called a mover
 * @property {Record<string, (number | null)[]>} sparklines
 * @property {Record<string, Fired>} reasons by asset id
 * @property {BeyondNumber[]} beyond those that are known
 * @property {Mood} sentiment
 * @property {Signal[]} signals newest first
 * @property {number} signals_24h
 * @property {number} signalled_24h assets
 *
 * @typedef {object} NewsItem
 * @property {string} title
 * @property {string} url
 * @property {string} source
 * @property {string} published_at
 * @property {number | null} sentiment -1..1
 * @property {string | null} sentiment_model
 *
 * @typedef {object} Candles prices of record
 * @property {"15m" | "1h" | "1d"} interval
 * @property {number} window_seconds of a bar
 * @property {string | null} source of the newest bar
 * @property {string | null} observed_at ISO 8601, of the newest bar
 * @property {[number, number, number, number, number, number | null][]} bars the oldest first: first
 *   second, open, high, low, close, 24 h volume
 *
 * @typedef {object} Consensus
 * @property {Record<string, number>} used price by source
 * @property {Record<string, string>} rejected reason by source
 * @property {number} spread the highest over the lowest price used, minus one
 *
 * @typedef {object} SourcePrice
 * @property {string} source
 * @property {number} price US dollars
 * @property {number | null} volume_24h US dollars
 * @property {number | null} market_cap US dollars
 * @property {string} observed_at ISO 8601
 * @property {string} attribution
 * @property {string} attribution_url
 *
 * @typedef {{consensus: Consensus | null, sources: SourcePrice[]}} Prices of the newest tick
 *
 * @typedef {object} AssetView
 * @property {Asset} asset
 * @property {Origin} origin
 * @property {Prices | null} prices
 * @property {Signal[]} signals
 * @property {NewsItem[]} news
 * @property {Candles | null} candles
 * @property {any} mentions of stories, by window, with their tone
 * @property {any} entity whom the stories name beside it
 * @property {any} correlation with the largest assets
 *
 * @typedef {{email: string, role: string}} User
 *
 * @typedef {object} RevenueRow one endpoint on one day
 * @property {string} day a UTC date: 2026-11-22
 * @property {string} endpoint
 * @property {number} requests
 * @property {number} errors
 * @property {number} payments
 * @property {number} revenue_atomic millionths of a US dollar, exact
 *
 * @typedef {object} Revenue what everybody was asked and paid for
 * @property {number} revenue_atomic what was counted as revenue
 * @property {number} payments
 * @property {number} payments_atomic what the rows of the payments say
 * @property {number} difference_atomic counted less paid; 0 while the books balance
 * @property {number} open payments that wait for the facilitator
 * @property {number} unclear payments that wait for a person
 * @property {RevenueRow[]} rows the newest day first
 *
 * @typedef {object} AskingClient
 * @property {string} client_id
 * @property {string} name
 * @property {string | null} website
 * @property {boolean} self_registered by itself, so that nobody answers for it
 *
 * @typedef {object} Authorization what an app asks a user for
 * @property {AskingClient} client
 * @property {{scope: string, meaning: string}[]} scopes
 * @property {boolean} already_granted
 * @property {string | null} redirect_to where the app is told what is wrong with its request
 *
 * @typedef {"live" | "reconnecting" | "polling" | "offline"} ConnectionState
 */

export {};
