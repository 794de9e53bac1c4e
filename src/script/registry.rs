//! The engine while it is filled. It knows the name of each type by the type itself, so that a function is told with the names that
//! scripts use; Rhai's own registration looks each one up by the text of its Rust name, a seventh of all work at start.

use std::any::TypeId;
use std::iter::repeat_n;

use rhai::{
    Array, Blob, Dynamic, Engine, FnPtr, FuncRegistration, ImmutableString, Map, NativeCallContext,
    RhaiNativeFunc,
};

use super::failure::RhaiResult;

/// An engine that takes functions.
pub(super) struct Registry {
    engine: Engine,
    names: Vec<(TypeId, &'static str)>,
}

/// What stands for a type that has no name.
const NAMELESS: &str = "?";

impl Registry {
    pub(super) fn new(engine: Engine) -> Self {
        let names = vec![
            (TypeId::of::<Dynamic>(), "Dynamic"),
            (TypeId::of::<String>(), "string"),
            (TypeId::of::<&str>(), "string"),
            (TypeId::of::<ImmutableString>(), "string"),
            (TypeId::of::<i64>(), "i64"),
            (TypeId::of::<f64>(), "f64"),
            (TypeId::of::<bool>(), "bool"),
            (TypeId::of::<()>(), "()"),
            (TypeId::of::<Map>(), "map"),
            (TypeId::of::<Array>(), "array"),
            (TypeId::of::<Blob>(), "blob"),
            (TypeId::of::<FnPtr>(), "Fn"),
        ];
        Self { engine, names }
    }

    /// The engine, filled.
    pub(super) fn finish(self) -> Engine {
        self.engine
    }

    /// For what concerns no function.
    pub(super) fn engine(&mut self) -> &mut Engine {
        &mut self.engine
    }

    fn name_of(&self, kind: TypeId) -> &'static str {
        let name = self.names.iter().find(|(known, _)| *known == kind).map(|(_, name)| *name);
        debug_assert!(
            name.is_some(),
            "a function is registered before the name of a type that it takes or gives"
        );
        name.unwrap_or(NAMELESS)
    }

    /// Names a type. Functions that take it or give it come after.
    pub(super) fn register_type<T: Clone + Send + Sync + 'static>(&mut self, name: &'static str) {
        self.engine.register_type_with_name::<T>(name);
        self.names.push((TypeId::of::<T>(), name));
    }

    /// Names a type, and says how its values print.
    pub(super) fn register_shown<T: Clone + Send + Sync + 'static>(
        &mut self,
        name: &'static str,
        show: impl Fn(&T) -> String + Clone + Send + Sync + 'static,
    ) {
        self.register_type::<T>(name);
        for function in ["to_string", "to_debug"] {
            let show = show.clone();
            self.register_fn(function, move |object: &mut T| show(object));
        }
    }

    pub(super) fn register_fn<A: 'static, const N: usize, const X: bool, R, const F: bool, FN>(
        &mut self,
        name: &str,
        function: FN,
    ) where
        R: Clone + Send + Sync + 'static,
        FN: RhaiNativeFunc<A, N, X, R, F> + Send + Sync + 'static,
    {
        let takes = FN::param_types().map(|kind| self.name_of(kind));
        let gives = self.name_of(TypeId::of::<R>());
        FuncRegistration::new(name)
            .with_params_info(takes.into_iter().chain([gives]))
            .register_into_engine(&mut self.engine, function);
    }

    pub(super) fn register_get<A: 'static, const X: bool, R, const F: bool, FN>(
        &mut self,
        field: &str,
        get: FN,
    ) where
        R: Clone + Send + Sync + 'static,
        FN: RhaiNativeFunc<A, 1, X, R, F> + Send + Sync + 'static,
    {
        self.register_fn(&format!("get${field}"), get);
    }

    pub(super) fn register_set<A: 'static, const X: bool, R, const F: bool, FN>(
        &mut self,
        field: &str,
        set: FN,
    ) where
        R: Clone + Send + Sync + 'static,
        FN: RhaiNativeFunc<A, 2, X, R, F> + Send + Sync + 'static,
    {
        self.register_fn(&format!("set${field}"), set);
    }

    pub(super) fn register_get_set<A: 'static, B: 'static, const X: bool, const Y: bool, R, GET, SET>(
        &mut self,
        field: &str,
        get: GET,
        set: SET,
    ) where
        R: Clone + Send + Sync + 'static,
        GET: RhaiNativeFunc<A, 1, X, R, false> + Send + Sync + 'static,
        SET: RhaiNativeFunc<B, 2, Y, (), false> + Send + Sync + 'static,
    {
        self.register_get(field, get);
        self.register_set(field, set);
    }

    /// For a function that is called on nothing, with so many arguments of any kind. The first of them may be the script's own
    /// variable, which keeps its value.
    pub(super) fn register_free_fn(
        &mut self,
        name: &str,
        count: usize,
        function: impl Fn(&NativeCallContext<'_>, Vec<Dynamic>) -> RhaiResult + Send + Sync + 'static,
    ) {
        let types: Vec<TypeId> = repeat_n(TypeId::of::<Dynamic>(), count).collect();
        self.engine.register_raw_fn(name, types, move |ctx, args: &mut [&mut Dynamic]| {
            let own = |(at, value): (usize, &mut &mut Dynamic)| {
                if at == 0 { value.flatten_clone() } else { value.take() }
            };
            let args = args.iter_mut().enumerate().map(own).collect();
            function(&ctx, args)
        });
    }

    /// For a method of a `T` with so many arguments of any kind. It is handed a copy of the object.
    pub(super) fn register_method<T: Clone + Send + Sync + 'static>(
        &mut self,
        name: &str,
        count: usize,
        method: impl Fn(&NativeCallContext<'_>, T, Vec<Dynamic>) -> RhaiResult + Send + Sync + 'static,
    ) {
        let types = [TypeId::of::<T>()].into_iter().chain(repeat_n(TypeId::of::<Dynamic>(), count));
        self.engine.register_raw_fn(
            name,
            types.collect::<Vec<_>>(),
            move |ctx, args: &mut [&mut Dynamic]| {
                let Some(object) = args[0].read_lock::<T>().map(|object| object.clone()) else {
                    return Ok(Dynamic::UNIT);
                };
                let args = args[1..].iter_mut().map(|value| value.take()).collect();
                method(&ctx, object, args)
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone)]
    struct Thing;

    fn engine() -> Engine {
        let mut registry = Registry::new(Engine::new());
        registry.register_shown::<Thing>("Thing", |_| "a thing".into());
        registry.register_get("size", |_: &mut Thing| 7_i64);
        registry.register_set("size", |_: &mut Thing, _: i64| ());
        registry.register_fn("open", |_: &mut Thing, name: &str| -> RhaiResult<Array> {
            Ok(vec![name.to_owned().into()])
        });
        registry.finish()
    }

    #[test]
    fn what_is_registered_is_called() {
        let mut scope = rhai::Scope::new();
        scope.push("t", Thing);
        let line = "t.size = 1; `${t} ${t.size} ${t.open(\"x\")}`";
        let text = engine().eval_with_scope::<String>(&mut scope, line);
        assert_eq!(text.unwrap(), "a thing 7 [\"x\"]");
    }

    #[test]
    fn functions_are_told_with_the_names_of_scripts() {
        let told = engine().collect_fn_metadata(
            None,
            |info| {
                let data = info.metadata;
                Some(format!("{}({}) {}", data.name, data.params_info.join(", "), data.return_type))
            },
            false,
        );
        for expected in [
            "get$size(Thing) i64",
            "set$size(Thing, i64) ()",
            "open(Thing, string) array",
            "to_string(Thing) string",
        ] {
            assert!(told.iter().any(|told| told == expected), "{expected} in {told:?}");
        }
    }
}
