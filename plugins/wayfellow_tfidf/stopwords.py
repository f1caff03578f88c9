"""Hold the words of each language that say nothing about anyone's work."""

# ruff: noqa: RUF001 - other scripts have letters that look like Latin ones

from collections.abc import Mapping

_WORDS = {
    "english": """
a about above across after again against all almost along already also although always am among an and another
any anyone anything are around aren as at b be became because become becomes been before being below between
both but by can cannot could couldn d did didn do does doesn doing don done down during e each eg either else
etc even ever every everyone everything except f few for from further g get gets got h had has hasn have haven
having he hence her here hers herself him himself his how however i ie if in indeed into is isn it its itself j
just k l least less ll m many may me meanwhile might mine more moreover most much must my myself n namely
neither never nevertheless next no nobody none nor not nothing now o of off often on once one only onto or other
others otherwise our ours ourselves out over own p per perhaps q quite rather re s same see seem seems several
shall she should shouldn since so some someone something sometimes somewhere still such t than that the their
theirs them themselves then there thereby therefore these they this those though through throughout thus to
together too toward towards u under until up upon us v ve very via w was wasn we well were weren what whatever
when whenever where whereas wherever whether which while who whole whom whose why will with within without would
wouldn x y yes yet you your yours yourself yourselves z
""",
    "arabic": """
أريد أن أنا أنت أو أي إذا إلى إن التي الذي الذين بعد بين تلك ثم حتى ذلك على عن عند غير في قبل قد كان كانت كل كما لا
لكن لم لن ما مع من نحن هذا هذه هم هو هي يكون
""",
    "danish": """
af alle alt anden at blev blive bliver da de dem den denne der deres det dette dig din disse dog du efter eller en
end er et for fra ham han hans har havde have hendes her hos hun hvad hvis hvor i ikke ind jeg jer jo kan kunne man
mange med meget men mig min mine mit mod ned noget nogle nu når og også om op os over på selv sig sin skal skulle
som til ud under var vi vil ville være været
""",
    "dutch": """
aan al alles als altijd andere ben bij daar dan dat de der deze die dit doch doen door dus een er ge geen haar had
heb hebben heeft hem het hier hij hoe hun iets ik in is ja je kan kunnen maar me meer men met mij mijn moet na naar
niet niets nog nu of om omdat onder ons onze ook op over reeds te tegen toch toen tot u uit uw van veel voor want
waren was wat werd wezen wie wil worden wordt zal ze zei zelf zich zij zijn zo zonder zou
""",
    "finnish": """
ei eivät eli emme en ensin entä et että haluan he hän hänen häntä ja jo joita joka jonka jos jotka kanssa koska
kuin kuka kun me mikä minua minulla minun minä mitä mutta myös ne niin niitä nyt nämä olemme olen oli olisi olivat
olla on ovat se sekä sen siellä siinä sitä tai te tämä tässä tätä vaan vai vain voi voin
""",
    "french": """
ai aie ainsi alors au aussi autre aux avec avez avoir avons c ce ceci cela ces cet cette chez comme comment d dans
de depuis des donc du elle elles en encore est et eu eux faire fait ici il ils j je l la le les leur leurs lui m ma
mais me mes moi mon même n ne nos notre nous on ont ou où par pas peu plus pour pourquoi puis qu quand que quel
quelle qui quoi s sa sans se sera ses si soit son sont sur t ta tes toi ton tous tout toute toutes très tu un une
vos votre vous y à étais était été être
""",
    "german": """
aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis da dabei damit dann
das dass dein deine dem den denn der des die dies diese diesem diesen dieser dieses doch dort du durch ein eine
einem einen einer eines er es etwas euch euer für gegen gern hab habe haben hat hatte hier hin hinter ich ihm ihn
ihnen ihr ihre ihrem ihren ihrer im in ist ja jede jedem jeden jeder jetzt kann kein keine können machen man mehr
mein meine meinem meinen meiner mich mir mit muss möchte nach nicht noch nun nur ob oder ohne schon sehr sein seine
seiner seit sich sie sind so soll sollte sondern um und uns unser unsere unter vom von vor war waren was weil
welche wenn werde werden wie wieder will wir wird wo wollen würde zu zum zur zwischen über
""",
    "italian": """
a ad agli ai al alla alle allo anche avere aveva che chi ci coi col come con cui da dagli dai dal dalla dalle dallo
degli dei del dell della delle dello di dove e ed era essere gli ha hai hanno ho i il in io l la le lei li lo loro
lui ma me mi mia mie miei mio molto ne negli nei nel nella nelle nello noi non nostra nostri nostro o per perché
però più poi quale quando quanto quella quelle quelli quello questa queste questi questo se sei senza si sia siamo
sono sta su sua sue sui sul sulla suo suoi tra tu tua tuo tutti tutto un una uno voi vorrei è
""",
    "norwegian": """
alle andre at av ble bli blir både da de deg dem den denne der deres det dette din disse du eller en enn er et
etter for fordi fra før ha hadde han hans har hennes her hun hva hvem hver hvis hvor hvordan i ikke inn jeg kan
kunne med meg mellom men min mine mitt mot mye må noe noen nå når og også om opp oss over på seg selv sin skal
skulle som så til under ut uten var ved vi vil ville være vært å
""",
    "portuguese": """
a ao aos aquela aquele as até com como da das de dela dele deles depois do dos e ela elas ele eles em entre era
eram essa esse esta estar estava este estou está eu foi foram há isso isto já lhe mais mas me mesmo meu meus minha
minhas muito na nas nem no nos nossa nosso num numa não o os ou para pela pelas pelo pelos por qual quando que quem
quero se seja sem ser seu seus sobre sou sua suas são só também te tem tenho ter teu tinha tu um uma você vocês vos
à às é
""",
    "russian": """
а без более бы был была были было быть в вам вас ваш весь во вот все всё вы где да для до его ее если есть еще ещё
её же за здесь и из или им их к как когда который кто ли лишь мне могу может можно мой моя мы на над наш не него
нет ни но ну о об однако он она они оно от очень по под при с сам себя со так также там то тогда того тоже только
том ты у уже хочу чего чем что чтобы эта эти это этот я
""",
    "spanish": """
a al algo algunas algunos ante antes aquel aquella como con contra cual cuando de del desde donde durante e el ella
ellas ellos en entre era es esa ese eso esta estaba estar este esto estos estoy está están fue ha hasta hay he la
las le les lo los me mi mis mucho muchos muy más mí nada ni no nos nosotros nuestra nuestro o os otra otro para
pero poco por porque que quien quiero qué se sea ser si sin sobre son soy su sus sí también tanto te tengo ti tiene
todo todos tu tus tú un una uno unos y ya yo él
""",
    "swedish": """
alla allt att av bara blev bli blir de dem den denna deras dess det detta dig din du där efter ej eller en er ett
från för ha hade han hans har henne hennes hon honom hur här i icke inom inte jag ju kan kunde man med mellan men
mig min mina mitt mot mycket nu när någon något några och om oss på samma sedan sig sin sina sitt själv ska skulle
som så till under upp ut utan vad var vara varför varje vars vi vid vilka vilken vill är även över
""",
    "turkish": """
acaba ama ancak aslında az bana bazı belki ben beni benim bir biri birkaç biz bizim bu bunu bunun da daha de defa
diye en eğer gibi göre hem hep hepsi her hiç ile ise istiyorum için kadar ki kim mi mu mü mı nasıl ne neden nerede
niye o olan olarak olmak onlar onu onun sanki sen siz tüm ve veya ya yani çok çünkü şey şu
""",
}

STOP_WORDS: Mapping[str, frozenset[str]] = {language: frozenset(words.split()) for language, words in _WORDS.items()}

#: English first: it is what a text counts as that doesn't tell.
LANGUAGES = tuple(STOP_WORDS)
