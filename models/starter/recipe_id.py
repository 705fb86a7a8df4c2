"""What goes into the starter, by sha256. Another value anywhere here means that it must be made again."""

BASE_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
ADAPTER_SHA256 = "1a4d8491de1e567b4c6090af4ab390e22ccb6755d7f293b96bdcb07b965098d7"
KEPT_SHA256 = "40857d6d775348b3ffc43e7158ebb6e7a08c3482d6ec20d6c605e87c4e85f9fa"
BUILD = 2  # raised by hand when the build writes other bytes from the same parts
RECIPE = f"build {BUILD}, base {BASE_SHA256}, adapter {ADAPTER_SHA256}, tokens {KEPT_SHA256}"
