"""Who else news on crypto is about: exchanges, protocols, people, chains, regulators.

Records parted by `;`: name|other name, written as in a headline. Protocols include
the organisations behind coins ("SEC sues Ripple" is about the company, not XRP).
"""

EXCHANGES = """
Binance|Binance.US|BinanceUS; Coinbase|Coinbase Pro|GDAX; Kraken; Bitfinex; Bitstamp; Gemini;
OKX|OKEx|OKEX|Okex; KuCoin|Kucoin|KUCOIN; Bybit|ByBit; Huobi|Huobi Global; HTX; Gate.io|Gate;
Bitget; MEXC|MXC; Crypto.com; FTX|FTX.US|FTX US|FTX International; Poloniex; Bittrex;
BitMEX|Bitmex|BitMex; Deribit; Upbit; Bithumb; Coinone; Korbit; bitFlyer|BitFlyer|Bitflyer;
Coincheck; Liquid Global|Quoine; Zaif; Cryptopia; QuadrigaCX|Quadriga; Mt. Gox|Mt Gox|MtGox|Mt.Gox;
BTC-e|WEX; Bitso; Bitpanda; Luno; Mercado Bitcoin; WazirX|Wazirx; CoinDCX;
CoinSwitch|CoinSwitch Kuber; Zebpay|ZebPay; Unocoin; BitMart; Bitrue; HitBTC|Hitbtc; Livecoin;
Yobit|YoBit; CEX.IO|Cex.io; EXMO; LBank; Bibox; BigONE; CoinEx; Phemex; BTSE; Bitkub; Indodax;
Tokocrypto; BtcTurk; Paribu; Thodex; Independent Reserve; BTC Markets; CoinJar; CoinSpot; Bitvavo;
Coinmama; Bitbank; BitoPro; WhiteBIT; AscendEX|BitMax; Hotbit; AAX; ZB.com; CoinFLEX;
Bullish Exchange; Bakkt; CME|CME Group; CBOE|Cboe; Nasdaq|NASDAQ; ErisX; LedgerX; LMAX Digital;
Robinhood; eToro; Backpack Exchange; HashKey Exchange|HashKey; OSL; BingX; WOO X; Nobitex;
Garantex; Grinex; ShapeShift|Shapeshift; Changelly; LocalBitcoins|Localbitcoins; Paxful; Bisq;
Hodl Hodl; IDAX; BTCC; OKCoin|OKcoin|Okcoin; Coinsquare; Coincheck; Bitcoin.com Exchange; itBit;
Circle Trade; CoinBene; DigiFinex; Fcoin|FCoin; Kucoin Futures; Blockchain.com; Swyftx;
Bitcoin Suisse; SBI VC Trade; Rakuten Wallet; XT.com; Coinsbit; Bitforex|BitForex;
LATOKEN Exchange; Coinlist|CoinList; BitGo; Bitbuy; Remitano
"""

PROTOCOLS = """
Ripple|Ripple Labs; Tether|Tether Holdings|Tether Limited; Circle|Circle Internet; Paxos;
Block.one; Consensys|ConsenSys; Ava Labs; Polygon Labs; Uniswap|Uniswap Labs; Aave|Aave Labs;
Compound|Compound Labs; Curve|Curve Finance; MakerDAO; Lido; PancakeSwap; SushiSwap; Balancer;
Yearn|Yearn Finance; dYdX; Synthetix; Hyperliquid; GMX; Jupiter; Raydium; Orca; Pump.fun; OpenSea;
Magic Eden; Blur; LooksRare; Polymarket; Kalshi; Augur; MetaMask|Metamask; Phantom Wallet;
Trust Wallet; Ledger; Trezor; Tornado Cash; Chainalysis; Elliptic; Fireblocks; Nomad; Wormhole;
Multichain; Ronin Network|Ronin Bridge; Poly Network; Euler|Euler Finance; Mango Markets;
Harvest Finance; Cream Finance; BadgerDAO; bZx; Beanstalk; Wintermute; Jump Crypto;
Alameda|Alameda Research; Three Arrows Capital|3AC; Celsius|Celsius Network; BlockFi;
Voyager|Voyager Digital; Genesis|Genesis Global; Grayscale; MicroStrategy|Strategy Inc; BlackRock;
Galaxy Digital; Terraform Labs|TerraForm Labs; Dapper Labs; Yuga Labs; Animoca Brands|Animoca;
Sky Mavis; Axie Infinity; Chainlink Labs; Offchain Labs; OP Labs; Optimism Foundation; Matter Labs;
StarkWare|Starkware; LayerZero; EigenLayer; Ethena; Pendle; Morpho; Spark Protocol; Sky Protocol;
Frax Finance; Abracadabra; Rocket Pool; Jito; Kamino; Marinade; Drift Protocol; Orbit Chain;
Radiant Capital; Venus Protocol; Instadapp; 1inch; KyberSwap; Velodrome; Aerodrome; Trader Joe;
QuickSwap; Solend; Anchor Protocol; Nexus Mutual; Gitcoin; World Liberty Financial; Worldcoin;
Ondo Finance; Securitize; Centrifuge; Maple Finance; BitMine|Bitmine; Bitmain;
Marathon Digital|MARA Holdings; Riot Platforms|Riot Blockchain; Hut 8; CleanSpark; Core Scientific;
Bitfarms; Canaan; Blockstream; Lightning Labs; Electric Coin Company; Zcash Foundation;
Stellar Foundation|Stellar Development Foundation; IOTA Foundation; Tezos Foundation;
Ethereum Foundation; Solana Foundation; Cardano Foundation; Input Output|IOHK; Emurgo;
Web3 Foundation; Parity Technologies; Near Foundation|NEAR Foundation; Bitwise; VanEck;
Fidelity Digital Assets; WisdomTree; CoinShares; 21Shares; Nexo; Ledn;
BitConnect; Jibrel Network|Jibrel; Kyber Network; Blockstack; Lykke
"""

PEOPLE = """
Satoshi Nakamoto|Nakamoto; Vitalik Buterin|Buterin|Vitalik; Changpeng Zhao|CZ;
Sam Bankman-Fried|Bankman-Fried|SBF; Brian Armstrong; Brad Garlinghouse|Garlinghouse;
Michael Saylor|Saylor; Elon Musk|Musk; Donald Trump|Trump|President Trump; Gary Gensler|Gensler;
Paul Atkins; Hester Peirce; Jay Clayton; Jerome Powell|Powell; Janet Yellen|Yellen;
Scott Bessent|Bessent; Christine Lagarde|Lagarde; Elizabeth Warren; Cynthia Lummis|Lummis;
Tom Emmer; Maxine Waters; David Sacks; Jamie Dimon|Dimon; Warren Buffett|Buffett; Charlie Munger;
Cathie Wood; Jack Dorsey|Dorsey; Mark Zuckerberg|Zuckerberg; Peter Schiff|Schiff; Tim Draper;
John McAfee|McAfee; Roger Ver; Craig Wright|Craig S. Wright; Charles Hoskinson|Hoskinson;
Charlie Lee; Justin Sun; Do Kwon; Su Zhu; Kyle Davies; Alex Mashinsky|Mashinsky; Caroline Ellison;
Ross Ulbricht|Ulbricht; Gavin Wood; Gavin Andresen; Joseph Lubin|Joe Lubin; Jihan Wu; Dan Larimer;
Andre Cronje; Hayden Adams; Stani Kulechov; Anatoly Yakovenko; Sergey Nazarov; Silvio Micali;
Emin Gün Sirer; Sandeep Nailwal; Arthur Hayes; Tyler Winklevoss; Cameron Winklevoss;
Winklevoss twins|Winklevoss; Barry Silbert; Mike Novogratz|Novogratz; Anthony Pompliano|Pompliano;
Tom Lee; Andreas Antonopoulos; Nick Szabo; Adam Back; Hal Finney; Peter Todd; Jed McCaleb;
Chris Larsen; David Schwartz; Paolo Ardoino|Ardoino; Jeremy Allaire|Allaire; Richard Teng;
Ben Zhou; Star Xu; Jesse Powell; Erik Voorhees; Brock Pierce; Nayib Bukele|Bukele;
Javier Milei|Milei; Narendra Modi; Vladimir Putin|Putin; Nicolas Maduro|Maduro; Roman Storm;
Alexey Pertsev; Avraham Eisenberg; Balaji Srinivasan; Chamath Palihapitiya; Marc Andreessen;
Larry Fink; Ray Dalio; Kevin O'Leary; Mark Cuban; Snoop Dogg; Paris Hilton; Kim Kardashian;
Melania Trump; Eric Trump; Barron Trump; Joe Biden|Biden; Willy Woo
"""

CHAINS = """
Base; Lightning Network; Liquid Network; BNB Chain|BNB Smart Chain|Binance Smart Chain|BSC;
Polygon zkEVM; Arbitrum One; Arbitrum Nova; OP Mainnet; zkSync Era; XRP Ledger|XRPL; Rootstock|RSK;
Plasma Chain; Gnosis Chain; Avalanche C-Chain; Ethereum Beacon Chain|Beacon Chain;
Hyperledger|Hyperledger Fabric; Quorum; Unichain; Ink Chain; Soneium; World Chain; Abstract Chain;
Robinhood Chain; opBNB; Tempo Blockchain; Heco; Ethereum 2.0; RSK Network; Babylon Chain;
Mode Network; Taiko; Polygon PoS; Palm Network; Canto; Evmos; Corda
"""

REGULATORS = """
SEC|Securities and Exchange Commission|US SEC; CFTC|Commodity Futures Trading Commission; FinCEN;
IRS; Department of Justice|DOJ|DoJ|Justice Department|Justice Dept; Federal Reserve|the Fed|Fed;
OCC; FDIC; OFAC; US Treasury|Treasury Department|U.S. Treasury; NYDFS|NYAG; FBI; Interpol; Europol;
FCA|Financial Conduct Authority; Bank of England; European Commission; European Central Bank|ECB;
ESMA; European Banking Authority|EBA; BaFin; AMF; FINMA; Consob|CONSOB;
MAS|Monetary Authority of Singapore; SFC|Securities and Futures Commission; HKMA;
PBoC|PBOC|People's Bank of China; FSA|Financial Services Agency; Bank of Japan;
FSC|Financial Services Commission; FSS; RBI|Reserve Bank of India; SEBI|Sebi; Bank of Russia;
Central Bank of Nigeria|CBN; ASIC|AUSTRAC; Bank of Canada; OSC|Ontario Securities Commission; CVM;
FATF; IMF|International Monetary Fund; Bank for International Settlements|BIS; VARA;
FTC|Federal Trade Commission; FINRA; Supreme Court; Bank of Korea; Swiss National Bank;
Banco de México
"""

# Longer phrases in which a name is something else. The longest match wins, so these hide it.
OTHER_MEANINGS = """
ledger nano; nano ledger; tata nano; ipod nano; ripple effect; ripple effects; solana beach;
dash cam; google gemini; gemini ai; gemini pro; gemini ultra; gemini flash; colorado avalanche;
seattle kraken; market maker; market makers; policy maker; compound interest; compound annual;
gas price; gas prices; gas fee; gas fees; gas limit; natural gas; near term; near future; dot com;
dot plot; base rate; knowledge base; customer base; stellar performance; stellar results;
stellar year; cosmos bank; real estate; neo nazi; neo nazis; polka dot; hot wallet; hot wallets;
cash flow; order flow;
met gala; ip address; ip addresses; meta platforms; salt lake; secret service; safe haven;
safe havens; request for; the verge;
on the verge; btg pactual; yield curve; bonding curve;
learning curve; full circle; inner circle
"""
