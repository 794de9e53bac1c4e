//! The macro that writes rows down.

/// Writes the rows of one topic: each becomes a typed request struct and a [`Method`](crate::spec::Method).
///
/// The doc comment of a row is its summary, the line beginning with `zh:` its Chinese summary; the same holds for
/// parameters. A parameter is `field("guideName", "other spelling"…): Type = "shown default" => "wire_name"`; the type
/// brings kind, check and optionality ([`FromArg`](crate::api::FromArg)).
#[macro_export]
macro_rules! methods {
    (
        group $group:literal;
        $(
            $(#[doc = $doc:literal])+
            $row:ident($on:ident $name:literal $(, $alias:literal)*) {
                form: $form:expr,
                cost: $cost:literal,
                effect: $effect:ident,
                by_position: $by_position:literal $($variadic:ident)?,
                params {
                    $(
                        $(#[doc = $pdoc:literal])+
                        $field:ident($pname:literal $(, $palias:literal)*): $ty:ty $(= $default:literal)? $(=> $wire:literal)?,
                    )*
                }
                returns: $ren:literal | $rzh:literal,
                example: $example:literal,
            }
        )+
    ) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug)]
            pub struct $row {
                $($(#[doc = $pdoc])+ pub $field: $ty,)*
            }

            impl $crate::api::Request for $row {
                const METHOD: &'static $crate::spec::Method = &$crate::spec::Method {
                    on: $crate::spec::On::$on,
                    name: $name,
                    aliases: &[$($alias),*],
                    group: $group,
                    doc: $crate::spec::Doc(&[$($doc),+]),
                    form: $form,
                    cost: $cost,
                    effect: $crate::spec::Effect::$effect,
                    params: &[$($crate::spec::Param {
                        name: $pname,
                        aliases: &[$($palias),*],
                        kind: <$ty as $crate::api::FromArg>::KIND,
                        required: <$ty as $crate::api::FromArg>::REQUIRED,
                        default: concat!("" $(, $default)?),
                        doc: $crate::spec::Doc(&[$($pdoc),+]),
                        wire: concat!("" $(, $wire)?),
                    }),*],
                    by_position: $by_position,
                    variadic: $crate::methods!(@variadic $($variadic)?),
                    returns: $crate::lang::Text::fixed($ren, $rzh),
                    example: $example,
                };

                #[allow(unused_mut, unused_variables, unused_assignments)]
                fn take(mut args: $crate::api::Args) -> $crate::error::Result<Self> {
                    let mut index = 0usize;
                    $(
                        let $field = args.take::<$ty>(Self::METHOD, index)?;
                        index += 1;
                    )*
                    Ok(Self { $($field),* })
                }
            }
        )+

        /// The rows of this topic.
        pub const ROWS: &[&$crate::spec::Method] = &[$(<$row as $crate::api::Request>::METHOD),+];
    };
    (@variadic variadic) => { true };
    (@variadic) => { false };
}
