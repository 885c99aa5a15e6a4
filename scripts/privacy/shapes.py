"""The shapes of private things, as data: the words of a line around an account, a host or a secret.

Each shape is a kind and a pattern. Its group `it` is the private thing, which is then found on every line. A group
`here` is private only in this place: the word is too common to search for it in other lines.

Every pattern begins with a literal or is bounded, so that no line makes it slow. Libraries that find secrets in source
code were tried. Their patterns are unbounded, and they find no accounts and no hosts.
"""

from __future__ import annotations

_NAME = r"(?P<it>[A-Za-z0-9_](?:[\w.-]{0,62}\w)?)"
_HERE = r"(?P<here>[A-Za-z0-9_](?:[\w.-]{0,62}\w)?)"
_HOST = r"(?P<it>[A-Za-z0-9](?:[\w.-]{0,250}[A-Za-z0-9])?)"
# What may stand before a word: anything but a part of it; in a notebook, the letter of a line end that is spelt out.
_EDGE = r"(?:(?<![A-Za-z0-9_.+-])|(?<=\\[nrt]))"
_START = r"(?<![A-Za-z0-9_])"
_LINE = r"(?m:^)[ \t]{0,20}"
_GAP = r"[ \t]{0,9}"

# Where people have folders of their own: the name is the next part of the path.
_HOMES = (
    r"home\d?|homes|nethome|users|Users|var/home|usr/home|export/home|lambda_stor/homes|global/(?:u\d|homes/[a-z])"
    r"|gpfs/[\w-]{1,40}home(?:/[a-z])?|scratch/users?|data/users?|work/users?"
)
_PROJECTS = r"/(?:eagle|grand|flare|gecko|lus(?:/[\w-]{1,40})?|gpfs(?:/[\w-]{1,40})?|projects?)"
# Folders that many share, in which some people have one of their own.
_SHARED = r"nfs|scratch|root|lustre|gpfs|work|data/home|mnt/home|media"
_NOBODY = (
    r"(?!(?i:users?|home|homes|shared?|soft(?:ware)?|projects?|data(?:sets?)?|apps?|models?|opt|tmp|local|bin|lib|etc"
    r"|common|public|cache|build|src|workspace|mnist|imagenet|wikipedia|bert|logs?|runs?|jobs?|scratch|v?\d[\d.]*|out(?:put)?|ray|pip)(?![\w.-]))"
)

# A value that is no placeholder: of a password any word, of a token one that no sentence has.
_NO_VALUE = r"(?!(?i:n/?a|none|null|true|false|unknown|x+|\*+|required|optional|invalid|missing|set|unset)(?![\w-])|[$<{\[(%*/~])"
_WORD = rf"{_NO_VALUE}(?P<it>[^\s'\"<>,;&|]{{4,4096}})"
_RANDOM = rf"{_NO_VALUE}(?P<it>(?=[^\s'\"<>,;&|\d]{{0,64}}\d|[^\s'\"<>,;&|]{{20}})[^\s'\"<>,;&|]{{6,4096}})"
_PASSWORD = r"pass(?:wd|word|phrase|code)|pwd|pswd"
_TOKEN = (
    r"token|secret|api[_-]?key|apikey|access[_-]?key(?:[_-]?id)?|secret[_-]?key|private[_-]?key|auth[_-]?key|account[_-]?key"
    r"|client[_-]?secret|credentials?|signature|session[_-]?(?:id|key)|x-api-key|license[_-]?key"
)
# Between a key and its value, in shell, YAML, JSON, INI and addresses.
_IS = rf"(?:\\?['\"])?{_GAP}(?:=>|[:=]){_GAP}(?:[bru]?\\?['\"])?"

# How the tokens of well-known services begin.
_PREFIXES = (
    r"hf_|api_org_|gh[oprsu]_|github_pat_|glpat-|gl(?:dt|rt|ptt)-|xox[abeoprs]-|xapp-|sk-|[rs]k_(?:live|test)_|pypi-|npm_|SG\."
    r"|AIza|ya29\.|nvapi-|gsk_|r8_|dop_v1_|hvs\.|dckr_pat_|shp(?:at|ss)_|lin_api_|tskey-|wandb_v\d_|csk-|pplx-|ABIA|ACCA"
)

# The arrow of a prompt, as the bytes of a log are read: one character for each byte.
_ARROW = "➜".encode().decode("latin-1")
_PROMPT = r"(?m:^)[ \t>+#|*`\"]{0,20}(?:\([^()\n]{1,80}\)[ \t]{0,9}){0,5}\[?"
_PROMPT_END = r"(?=[: ][^$#%\n]{0,300}[$#%>])"
INSIDE = ("local", "lan", "internal", "corp", "intra", "private", "cluster")
_TOPS = "|".join(
    (*INSIDE, *["net", "com", "org", "edu", "gov", "mil", "io", "ai", "de", "uk", "fr", "ch", "cn", "jp", "in", "eu"])
)
_NO_PATH, _NO_CALL = r"(?<![\w.@/-])", r"(?![\w(-]|\.\w)"
# Who publishes what logs often name, and words of addresses that name nobody.
_PUBLIC = (
    r"(?!(?i:graphcore|sambanova|cerebras|groq|pytorch|tensorflow|huggingface|nvidia|google|facebookresearch|argonne-lcf"
    r"|openai|microsoft|numpy|scipy|pypa|docs|blog|models|datasets|spaces|settings|abseil|onnx|apache|python|login|m-fac"
    r"|eleutherai|features|about|orgs|topics|search|join|pricing|tokenizers|transformers)(?![\w.-]))"
)

SHAPES: tuple[tuple[str, str], ...] = (
    # Folders of people.
    ("home path", rf"/(?:{_HOMES})/{_NOBODY}{_NAME}"),
    ("home path", r"(?i:%2f)(?:home|Users|users|homes)(?i:%2f)(?P<it>[A-Za-z0-9_][\w.-]{0,62})"),
    ("home path", rf"\b[A-Za-z]:(?:\\{{1,2}}|/)(?:Users|Documents and Settings)(?:\\{{1,2}}|/){_NAME}"),
    ("home path", rf"\\\\[\w.-]{{1,64}}\\(?i:users|homes?|profiles)\\{_NAME}"),
    ("home path", rf"(?<![\w\\])home\\{{1,2}}{_NAME}"),
    ("home path", rf"{_PROJECTS}/(?:projects/|datascience/){{0,2}}[\w-]{{1,64}}/{_NOBODY}{_HERE}/"),
    ("home path", rf"(?<![\w.-])/(?:{_SHARED})/{_NOBODY}{_HERE}(?![\w.-])"),
    ("home path", rf"/tmp/{_NOBODY}(?P<here>[a-z][a-z_]{{1,12}}\d{{0,3}})/"),
    ("home path", rf"/tmp/(?:tmp_|torchinductor_|pytest-of-|hsperfdata_|jupyter-|matplotlib-|mkl-){_NOBODY}{_HERE}"),
    ("account", rf"(?<=[\s'\"=(:])~{_NOBODY}(?P<it>[A-Za-z_][\w.-]{{2,62}})(?=/|\s)"),
    # Accounts that the system, a queue or a service names.
    ("account", rf"{_EDGE}(?:\w{{0,20}}_)?USER(?:NAME)?={_NAME}"),
    ("account", rf"{_EDGE}(?:PBS_O_)?LOGNAME={_NAME}"),
    ("account", rf"{_EDGE}(?:SLURM_JOB_|SBATCH_|PBS_|SALLOC_)?ACCOUNT={_NAME}"),
    ("account", rf"/var/(?:spool/)?mail/{_NAME}"),
    ("account", r"/dev/pts/(?P<it>[A-Za-z_]\w{1,62})"),
    ("account", r"krb5cc_(?P<it>\d{3,12}(?:_\w{1,64})?)"),
    ("account", rf"{_PROMPT}{_NAME}@[\w.-]{{1,255}}{_PROMPT_END}"),
    ("account", rf"{_EDGE}{_NAME}@(?P<own>[\w.-]{{1,255}})"),
    ("account", rf"Log ID initialized to: \[{_NAME}\]"),
    ("account", rf"\b(?:uid|euid)=\d{{1,12}}\({_NAME}"),
    ("account", rf"\bUserId={_NAME}"),
    ("account", rf"{_LINE}\d+ +\w+ +\S+ +{_NAME} +(?:PD|R|CG|CF|CD|CA|F|TO)\s"),
    ("account", rf"{_LINE}\d{{1,12}}(?:\.[\w-]{{1,40}})? {{2,20}}{_NAME} {{2,20}}\w+ {{1,20}}[^\n]{{1,80}} [QRHEFSB] \d"),
    ("account", rf"{_LINE}\d{{1,12}}\.[\w-]{{1,40}} {{1,30}}\S{{1,40}} {{1,30}}{_NAME} {{1,30}}\d{{1,4}}:\d\d:\d\d [QRHEFSB] "),
    ("account", rf"{_LINE}[-dlbcps][-rwxsStT]{{9}}[.+@]? +\d+ +{_NAME} +\S+ +\d"),
    ("account", rf"{_LINE}{_NAME} {{1,20}}\d{{1,9}} {{1,9}}\d{{1,4}}\.\d {{1,9}}\d{{1,3}}\.\d "),
    ("account", rf"{_LINE}{_NAME} {{1,20}}(?:pts/\d|tty\d|console) {{1,20}}"),
    ("account", rf"{_LINE}(?:Job[ _]?Owner|User(?: ?[Nn]ame)?|user(?:name)?|USER|Login|login|Owner){_GAP}[:=]{_GAP}['\"]?{_NAME}(?=['\"]?[ \t]{{0,9}}(?:,|@|(?m:$)))"),
    ("account", rf"['\"](?:user(?:_?name)?|login|owner|account)['\"]{_GAP}:{_GAP}['\"]{_NAME}['\"]"),
    ("account", rf"\b(?:qstat|squeue|qselect|sacct|pkill|pgrep|top|ps) (?:-u|-U|--user)[ =]?{_NAME}"),
    ("account", rf"\s--(?:user(?:name)?|login|owner)[ =]{_NAME}(?![\w:-])"),
    ("account", rf"\bchown (?:-R )?{_NAME}[: ]"),
    ("account", rf"\bsudo: {{1,9}}{_NAME} : "),
    ("account", rf"\bsession (?:opened|closed) for user {_NAME}"),
    ("account", rf"\b(?:for|by|from|as) (?:invalid )?user {_NAME}"),
    ("account", rf"\b(?:Accepted|Failed) \w{{1,20}} for {_NAME} from "),
    ("account", rf"(?i:\blog(?:ged|ging) in as:? ){_NAME}"),
    ("account", rf"\b(?:Mail for|tensorboard dev:|Authenticated as|Hi|Hello,?|Welcome(?: back)?,?) {_NOBODY}{_HERE}(?=!|\s*(?m:$))"),
    ("account", rf"(?i:git|hugging ?face|kaggle|docker|comet|neptune|clearml)[\w. -]{{0,20}}\b[Uu]ser(?:name)?{_GAP}[:=]{_GAP}{_NAME}"),
    ("account", rf"(?:github\.com|gitlab\.com|bitbucket\.org|huggingface\.co|kaggle\.com|wandb\.ai|gist\.github\.com)[:/]{_PUBLIC}{_NAME}(?=/)"),
    ("account", rf"\b(?:ssh|scp|rsync|sftp) (?>[^\s@]{{1,64}} {{1,4}}){{0,6}}?{_NAME}@"),
    ("account", rf"\bssh (?:-[^\n]{{1,80}}? )?-l ?{_NAME}"),
    ("account", rf"{_LINE}ssh-(?:rsa|ed25519|dss) \S{{20,4096}} {_NAME}(?:@|\s*(?m:$))"),
    ("account", rf"\bmachine \S{{1,255}} login {_NAME}"),
    ("account", rf"{_LINE}(?:Author|Commit|Co-authored-by|Signed-off-by): (?P<it>[\w.'-]{{1,40}}(?: [\w.'-]{{1,40}}){{0,3}}) <"),
    # Prompts.
    ("account", rf"(?m:^)(?:\([\w.-]{{1,40}}\) )?{_HOST.replace('it', 'other')}:\S{{1,200}} {_NAME}[$%] "),
    ("account", rf"(?m:^)(?!(?:bash|sh|zsh|ksh|fish|csh|root|login)\b){_HERE}[$%] (?=[a-z./])"),
    ("account", rf"(?m:^)(?:➜|{_ARROW}) {{1,2}}{_HERE} git:\("),
    ("account", rf"(?m:^){_NAME}@[\w.-]{{1,64}} \S{{1,200}} [%>]"),
    # Addresses of people.
    ("e-mail address", _EDGE + r"(?P<it>[\w.+-]{1,64}@(?:[A-Za-z\d-]{1,63}\.){1,8}[A-Za-z]{2,24})(?![\w-])"),
    ("phone number", r"(?<![\w.+-])(?P<it>\+\d{1,3}[ .-]?\(?\d{2,4}\)?[ .-]\d{3,4}[ .-]\d{3,4})(?![\w.-])"),
    ("phone number", r"(?<![\w.+-])(?P<it>\(\d{3}\) \d{3}-\d{4})(?![\w.-])"),
    # Machines.
    ("IP address", r"(?<![\w.])(?P<it>\d{1,3}(?:\.\d{1,3}){3})(?!\w|\.\w)"),
    ("IP address", r"(?<![\w:.])(?P<it>(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4})(?![\w:])"),
    ("hardware address", r"(?<![\w:])(?P<it>(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2})(?![\w:])"),
    ("hardware address", r"(?<![\w-])(?P<it>(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2})(?![\w-])"),
    ("hardware address", r"(?<![\w.])(?P<it>[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})(?![\w.])"),
    ("host name", rf"{_EDGE}(?:HOSTNAME|(?:SLURM_SUBMIT_|SLURM_LAUNCH_NODE_|PBS_O_)?HOST)={_HOST}"),
    ("host name", rf"Last login: [^\n]{{0,80}} from {_HOST}"),
    ("host name", rf"{_PROMPT}[\w.-]{{1,64}}@{_HOST}{_PROMPT_END}"),
    ("host name", rf"(?m:^)(?:\([\w.-]{{1,40}}\) )?(?=[\w.-]{{0,60}}-){_HOST}:\S{{1,200}} [\w.-]{{1,64}}[$%] "),
    ("host name", rf"{_LINE}\[{_HOST}:\d{{2,8}}\] "),
    ("host name", r"\b(?P<it>ip(?:-\d{1,3}){4}(?:\.[\w.-]{1,60})?)(?![\w.-])"),
    ("host name", rf"{_NO_PATH}(?P<it>(?>[A-Za-z\d-]{{1,63}}\.){{1,6}}(?P<top>{_TOPS})){_NO_CALL}"),
    ("host name", r"://(?P<it>(?>[A-Za-z\d-]{1,63}\.){1,6}[A-Za-z]{2,10}):\d{2,5}\b"),
    ("serial number", r"/NODE(?:/\w+){0,9}[ \t]{0,80}\|[ \t]{0,80}(?P<it>[^|\s]{1,64})[ \t]{0,80}\|"),
    ("serial number", r"(?i:\bserial(?: ?number| ?no\.?)?)[ \t]*+[:=][ \t]*+(?P<it>(?=[A-Z-]{0,40}\d)[\w-]{4,64})"),
    ("serial number", r"\b(?:S/N:?|SN:|serial|Asset Tag:|Service Tag:)[ \t]{1,9}(?P<it>(?=[A-Z-]{0,20}\d)[A-Z\d-]{6,64})\b"),
    ("serial number", r"\b(?P<it>GPU-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b"),
    ("serial number", r"\b(?i:uuid|machine[- ]id)[\"']?[:=] ?[\"']?(?P<it>[0-9A-Fa-f]{8}-?(?:[0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12})\b"),
    # Secrets: by the key before them, by the command, by how they begin.
    ("secret", rf"(?i:(?:{_PASSWORD})){_IS}{_WORD}"),
    ("secret", rf"(?i:(?:{_TOKEN})){_IS}{_RANDOM}"),
    ("secret", rf"(?:_?(?:TOKEN|SECRET|PASSWORD|API_?KEY|ACCESS_KEY|CREDENTIALS?|COOKIE)(?:_[A-Z0-9_]{{1,40}})?)={_GAP}['\"]?{_WORD}"),
    ("secret", rf"\b(?:export|setenv|set) \w{{0,40}}(?:TOKEN|SECRET|PASSWORD|PASSWD|KEY)\w{{0,20}}[ =]['\"]?{_WORD}"),
    ("secret", rf"(?i:\s--(?:{_PASSWORD}|{_TOKEN})[ =]['\"]?){_WORD}"),
    ("secret", rf"\b(?:passwd|password|PASS|identified by|IDENTIFIED BY) ['\"]?(?=\S{{0,40}}\d){_WORD}"),
    ("secret", rf"\bsshpass (?:-\S{{1,9}} )?-p ?['\"]?{_WORD}"),
    ("secret", rf"\b(?:mysql|mysqldump|mongo|psql|redis-cli)\b[^\n]{{0,80}}? -(?:p|a) ?['\"]?(?=\S{{0,40}}\d){_WORD}"),
    ("secret", rf"\b(?:docker|podman|az|oc|helm)\b[^\n]{{0,60}}?login\b[^\n]{{0,80}}? -p[ =]?['\"]?{_WORD}"),
    ("secret", r"\b(?:curl|wget|http)\b[^\n]{0,80}? (?:-u|--user|-a)[ =]?['\"]?[^\s:'\"]{1,64}:(?P<it>[^\s'\"]{3,256})"),
    ("secret", r"(?i:\bauthorization['\"]?[:=] ?['\"]?(?:basic|bearer|token|digest|apikey) )(?P<it>[\w.~+/=-]{6,4096})"),
    ("secret", r"\b(?i:bearer) (?P<it>[\w.~+/-]{16,4096}=*)"),
    ("secret", r"(?i:\b(?:set-)?cookie['\"]?: ?)(?P<it>[^\n'\"]{4,4096})"),
    ("secret", r"(?:AccountKey|SharedAccessKey|SharedAccessSignature|[?&](?:sig|key|code|auth|X-Amz-Signature|X-Amz-Security-Token|X-Goog-Signature))=(?P<it>[^\s;&\"']{8,4096})"),
    ("secret", r"hooks\.slack\.com/(?:services|workflows)/(?P<it>[\w/]{8,200})"),
    ("secret", r"discord(?:app)?\.com/api/webhooks/(?P<it>[\w/-]{8,200})"),
    ("secret", r"webhook\.office\.com/(?P<it>[\w/@-]{8,400})"),
    ("secret", r"\bbot(?P<it>\d{6,12}:[\w-]{20,64})"),
    ("secret", r"://[^\s:/@]{0,64}:(?P<it>[^\s:/@]{3,256})@"),
    ("secret", rf"{_START}(?P<it>(?:{_PREFIXES})(?=[A-Za-z_.-]{{0,40}}\d)[\w.-]{{16,255}})"),
    ("secret", rf"{_START}(?P<it>A(?:KIA|SIA|IDA|ROA)[0-9A-Z]{{16}})(?!\w)"),
    ("secret", rf"{_START}(?P<it>eyJ[\w-]{{10,2000}}+\.eyJ[\w-]{{10,2000}}+\.[\w-]{{0,2000}})"),
    ("secret", r"\bssh-(?:rsa|ed25519|dss) (?P<it>AAAA[\w+/]{30,4096}={0,3})"),
    ("secret", r"\bSHA256:(?P<it>[A-Za-z0-9+/]{40,44})(?![\w+/])"),
    ("secret", r"\bMD5:(?P<it>(?:[0-9a-f]{2}:){15}[0-9a-f]{2})\b"),
    ("secret", r"(?i:wandb)[^\n]{0,60}?\b(?P<it>[0-9a-f]{40})\b"),
)  # fmt: skip
