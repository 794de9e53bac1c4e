//! `import "name" as n`: the file `name.rhai` beside the script that imports it, else below the current folder. A file that was
//! changed is read again, and one that imports itself on a way around is an error: the engine would recurse until there is no stack.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use parking_lot::Mutex;
use rhai::{Engine, EvalAltResult, Module, ModuleResolver, Position, Scope, Shared};

use super::caught::CatchNames;
use super::failure::mistaken;
use crate::lang::Text;

/// What the file of a script ends in.
const ENDING: &str = "rhai";

/// Rhai's name of the errors here.
const NOT_FOUND: &str = "ErrorModuleNotFound";

/// The modules of a session.
#[derive(Default)]
pub(super) struct Modules {
    catches: Arc<CatchNames>,
    /// By their [`key`].
    loaded: Mutex<HashMap<PathBuf, Loaded>>,
    /// Those that are being read, and who imports them.
    loading: Mutex<HashMap<PathBuf, Option<PathBuf>>>,
}

/// A module, and the file that it was made of.
struct Loaded {
    /// When it was changed, and its length.
    stamp: Option<(SystemTime, u64)>,
    module: Shared<Module>,
}

impl Modules {
    pub(super) fn new(catches: Arc<CatchNames>) -> Self {
        Self { catches, ..Self::default() }
    }

    /// Whether the file `key` is among those that lead to `importer`.
    fn leads_to(&self, key: &Path, importer: Option<&Path>) -> bool {
        let loading = self.loading.lock();
        let mut next = importer;
        // A chain cannot be longer than all of them.
        for _ in 0..=loading.len() {
            match next {
                Some(path) if path == key => return true,
                Some(path) => next = loading.get(path).and_then(Option::as_deref),
                None => return false,
            }
        }
        false
    }

    fn load(
        &self,
        engine: &Engine,
        file: &Path,
        key: PathBuf,
        importer: Option<PathBuf>,
    ) -> Result<Shared<Module>, Box<EvalAltResult>> {
        // A pipe is read each time.
        let about = std::fs::metadata(file).ok().filter(std::fs::Metadata::is_file);
        let stamp = about.and_then(|about| Some((about.modified().ok()?, about.len())));
        if let Some(loaded) = self.loaded.lock().get(&key)
            && stamp.is_some()
            && loaded.stamp == stamp
        {
            return Ok(Shared::clone(&loaded.module));
        }
        let mut ast = engine.compile_file(file.to_path_buf())?;
        ast.set_source(file.to_string_lossy().as_ref());
        self.catches.learn(&ast);
        self.loading.lock().insert(key.clone(), importer);
        let made = Module::eval_ast_as_new(Scope::new(), &ast, engine);
        self.loading.lock().remove(&key);
        let module: Shared<Module> = made?.into();
        let loaded = Loaded { stamp, module: Shared::clone(&module) };
        self.loaded.lock().insert(key, loaded);
        Ok(module)
    }
}

impl ModuleResolver for Modules {
    fn resolve(
        &self,
        engine: &Engine,
        source: Option<&str>,
        path: &str,
        position: Position,
    ) -> Result<Shared<Module>, Box<EvalAltResult>> {
        let importer = source.map(Path::new);
        let Some(file) = find(importer, path) else {
            return Err(missing(path, position));
        };
        let (key, importer) = (key(&file), importer.map(key));
        if self.leads_to(&key, importer.as_deref()) {
            return Err(around(path, position));
        }
        self.load(engine, &file, key, importer).map_err(|error| {
            // Whoever tells it looks for the file under this name.
            let name = file.with_extension("").display().to_string();
            Box::new(EvalAltResult::ErrorInModule(name, error, position))
        })
    }
}

/// What a file is known by, however it is called.
fn key(file: &Path) -> PathBuf {
    file.canonicalize().unwrap_or_else(|_| file.to_path_buf())
}

/// The file of a module.
fn find(importer: Option<&Path>, path: &str) -> Option<PathBuf> {
    let mut name = PathBuf::from(path);
    if name.extension().is_none_or(|end| end != ENDING) {
        name.as_mut_os_string().push(".");
        name.as_mut_os_string().push(ENDING);
    }
    let beside = importer.and_then(Path::parent).map(|folder| folder.join(&name));
    beside.into_iter().chain([name]).find(|file| file.exists() && !file.is_dir())
}

fn missing(path: &str, position: Position) -> Box<EvalAltResult> {
    let what = Text::made(format!("no module `{path}`"), format!("没有模块 `{path}`"));
    let hint = Text::made(
        format!(
            "`import \"{path}\"` reads the file `{path}.rhai` beside the script, else below the current folder"
        ),
        format!("`import \"{path}\"` 读取脚本所在目录下的 `{path}.rhai`，其次为当前目录下的该文件"),
    );
    mistaken(position, NOT_FOUND, what, hint)
}

fn around(path: &str, position: Position) -> Box<EvalAltResult> {
    let what = Text::made(
        format!("the module `{path}` imports itself, perhaps on a way around"),
        format!("模块 `{path}` 直接或间接地导入了自己"),
    );
    let hint = Text::fixed("put what both need into a module of its own", "请将双方共用的内容放入单独的模块");
    mistaken(position, NOT_FOUND, what, hint)
}
