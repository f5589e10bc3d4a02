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
 * @typedef {object} Overview
 * @property {string | null} tick
 * @property {Origin} origin
 * @property {Source[]} sources
 * @property {Market | null} market
 * @property {Asset[]} assets
 * @property {Record<string, (number | null)[]>} sparklines
 * @property {BeyondNumber[]} beyond those that are known
 * @property {Signal[]} signals newest first
 * @property {number} signals_24h
 *
 * @typedef {object} NewsItem
 * @property {string} title
 * @property {string} url
 * @property {string} source
 * @property {string} published_at
 * @property {number | null} sentiment -1..1
 * @property {string | null} sentiment_model
 *
 * @typedef {[number, number | null, number | null]} Point epoch seconds, price, 24 h volume
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
 * @property {Point[]} points ascending
 * @property {Signal[]} signals
 * @property {NewsItem[]} news
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
 * @typedef {"live" | "reconnecting" | "offline"} ConnectionState
 */

export {};
