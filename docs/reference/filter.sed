# What every structure has and no header repeats: its size, its reserved fields, and what a handle is.
s|^\( *uint32_t struct_size;\)[[:space:]]*$|\1 /**< Its size, set by the caller: sizeof of the structure. */|
s|^\( *u\{0,1\}int32_t reserved;\)[[:space:]]*$|\1 /**< 0. */|
s|^typedef struct \(hcb_[a-z_]*\) \1;$|/** A handle: its inside is the library's. */\n&|
