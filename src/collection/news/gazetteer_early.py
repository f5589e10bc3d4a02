"""Coins of 2011 to 2020 that are hardly traded any more. Form and origin: gazetteer_coins.py.

Bitcoin's forks, the first alternatives, and the token sales of 2017 to 2019.
"""

COINS = """
XT Bitcoin XT|BitcoinXT; BXU Bitcoin Unlimited; BXC Bitcoin Classic; CDY Bitcoin Candy;
BTC2 Bitcoin 2; XRC Bitcoin Rhodium|xRhodium; B2X SegWit2x|Segwit2x|BTC2X; BCF BitcoinFast;
LCP Litecoin Plus; GOD Bitcoin God; QRK Quark Coin@quark; CLAM Clams; USNBT NuBits|Nubits;
NSR NuShares|Nushares; MUSIC Musicoin; EXP Expanse; SLR SolarCoin|Solarcoin; FAIR FairCoin;
HUSH Hush; SPRTS Sprouts; KRB Karbo|Karbowanec; XP Experience Points; GOLOS Golos;
EDT EtherDelta Token; ORC Oraclize; BET DAO.Casino; TFD TE-FOOD; XDAG Dagger@dagger; SHIFT Shift;
OXY Oxycoin; TZRO tZERO|tZero; NXS Nexus; PINK Pinkcoin; CRW Crown; RVC Ravencoin Classic;
VEIL Veil; APL Apollo Currency@apollo; POE Po.et@poet; CAPP Cappasity; BNTY Bounty0x; DROP Dropil;
CTR Centra Tech|Centra Token; PLX PlexCoin; ARISE AriseCoin; RMT SureRemit; SSC SelfSell;
EBST eBoost; WPC WhopperCoin; COYE Coinye; XPD PetroDollar; HYP HyperStake;
EFL Electronic Gulden|E-Gulden; BCHN Bitcoin Cash Node; BLURT Blurt; MARKS Bitmark;
OMNI Omni Layer@omni; MSC Mastercoin; SJCX Storjcoin X|Storjcoin; XSG SnowGem; CRAVE Crave;
VRM Verium|VeriumReserve; START Startcoin; MAX Maxcoin; BBR Boolberry; QCN QuazarCoin;
FCN Fantomcoin; DGC Digitalcoin; CAP Bottlecaps; FRK Franko; PTC PesetaCoin; SCOT Scotcoin;
MZC MazaCoin; NOTE DNotes; RBT Rimbit; SXC Sexcoin; TIT Titcoin; CANN CannabisCoin; ZNY BitZeny;
KOTO Koto; SWEAT Sweatcoin|Sweat Economy; XMV MoneroV; XMO Monero Original; BYC Bytecent;
SAFECOIN SafeCoin@safe-coin-2; ETHD Ethereum Dark; ETHF EthereumFair;
ETHW EthereumPoW|ETHPoW@ethereum-pow-iou; ELLA Ellaism; PIRL Pirl; ESN Ethersocial; AKA Akroma;
EGEM EtherGem; SETH Sether; LST Lendroid; SWINGBY Swingby; STA Statera; ORN Orion Protocol;
DAOM DAO Maker; DIA DIA@dia-data; LAYER UniLayer; DEXT DEXTools|Dextools; AKRO Akropolis;
IDLE Idle Finance@idle; MEME Degenerator; COVER Cover Protocol; GHST Aavegotchi; DEC Decentr;
BPT Blockport; HKN Hacken; HAI HackenAI; PROPS Props Token; XDAI xDai|XDAI; STAKE xDai Stake;
ARPA ARPA|ARPA Chain; FRA Findora; AYA Aryacoin; VBK VeriBlock; SOLVE Solve.Care@solve-care;
AERGO Aergo; CRE Carry Protocol@carry; TEMCO Temco; BOX ContentBox; MWAT Restart Energy;
PAI PCHAIN; CS Credits Coin@credits; COCOS Cocos-BCX; BNX BinaryX; STOX Stox@stox; STQ Storiqa;
UTNP Universa; FACE Faceter@face; LYL LoyalCoin; LALA LALA World; LEV Leverj; XNK Ink Protocol;
DADI DADI; DAT Datum Network@datum; DXT Datawallet; WIB Wibson; FYS Fysical; TUT Tutellus;
EVC EventChain; AVT Aventus; OGC OneGram; KAU Kinesis Gold; PMGT Perth Mint Gold Token;
EURS STASIS EURO|EURS|Stasis Euro@stasis-eurs; CUSD CarbonUSD; KRT TerraKRW; VETH Vether;
HOKK Hokkaidu Inu; BONFIRE Bonfire; POOCOIN PooCoin; ELONGATE ElonGate; ERISE EverRise;
OCE OceanEx Token; JUR JUR|Jur; DVP DragonVein; SNK SneakersChain; EHRT Eight Hours; AIT AICHAIN;
BETR BetterBetting; CAS Cashaa; CBC CashBet Coin; CHAT ChatCoin; CLN Colu Local Network;
COSM Cosmo Coin; DTA DATA Chain; ECC ECCoin; FLDC FoldingCoin; FLO Florincoin;
HOLD Interstellar Holdings; IFT InvestFeed; INT Internet Node Token; INXT Internxt; IPL InsurePal;
IXT iXledger; KBR Kubera Coin; LKK Lykke Coin; LOCI LOCIcoin; MTC Docademic; OCN Odyssey Network;
OMX Shivom; PFR PayFair; PKC Pikciochain; POLL ClearPoll; PRA ProChain; PRS PressOne; QBT Qbao;
QUN QunQun; RCT RealChain; REBL Rebellious; RNT OneRoot Network; SENC Sentinel Chain;
SGR Sugar Exchange; SLS SaluS; SPD Stipend; SSP Smartshare; STAC StarterCoin; STC StarChain;
SUR Suretly; TCC The ChampCoin; TGT Target Coin; THRT ThriveToken; TIO Trade.io; TKS Tokes;
TOA ToaCoin; TRAK TrakInvest; UIS Unitus; UNB UnbreakableCoin; UTT United Traders Token; VIU Viuly;
VOISE Voise; WAND WandX; WISH MyWish; XAS Asch; XBL Billionaire Token; XEL XEL; XLQ ALQO|Alqo;
XMCC Monoeci; XPA XPA; XUC Exchange Union; ZIPT Zippie; ZUR Zurcoin; ATB ATBCoin; ATM ATMChain;
ATL ATLANT; DRT DomRaider; DRP DCORP; EBET EthBet; EMV Ethereum Movie Venture; FYN FundYourselfNow;
FYP FlypMe; HVN Hiveterminal|Hive Project; INDI Indicoin; KLN Kolion; LATX LatiumX; LUX LUXCoin;
MBRS Embers; MCI Musiconomi; MSP Mothership; NVST NVO; PING CryptoPing; PIX Lampix; PLAY HEROcoin;
RLX Relex; TFL TrueFlip; TIE Ties.DB; TGAME Truegame; VZT Vezt; CHI XAYA@xaya; UBEX Ubex;
SEELE Seele; MVL MVL; MIX MixMarvel; HYC HYCON|Hycon; GRFT Graft; BZNT Bezant; ABL Airbloc;
VSYS V Systems@v-systems; INSTAR Insights Network; KODAKCOIN KodakCoin|KodakOne;
DCC Distributed Credit Chain@distributed-credit-chain; RISE Rise Coin@rise
"""
